// A Netlify function: POST /api/order-paid.
import { orderPaid } from '../../publish.js'

export default async (request, context) => orderPaid(request, process.env)

export const config = { path: '/api/order-paid' }
