// A Netlify function: POST /api/order-paid.
import { orderPaid } from '../../order.js'

export default async (request, context) => orderPaid(request, process.env)

export const config = { path: '/api/order-paid' }
