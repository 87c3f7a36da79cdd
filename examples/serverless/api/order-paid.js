// A Vercel function: POST /api/order-paid. Vercel answers 405 to other methods.
import { orderPaid } from '../order.js'

export async function POST(request) {
  return orderPaid(request, process.env)
}
