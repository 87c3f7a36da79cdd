// Calls all four functions with one order, as their platforms would: node local.js
import { POST } from './api/order-paid.js'
import worker from './cloudflare/worker.js'
import { handler } from './lambda/index.mjs'
import netlify from './netlify/functions/order-paid.mjs'

process.env.PUSHGATE_URL ??= 'http://localhost:8080'

const body = JSON.stringify({ id: process.argv[2] ?? '7', userId: 'ann', total: 49.9 })
const request = () => new Request('http://localhost/api/order-paid', { method: 'POST', body })
const event = { requestContext: { http: { method: 'POST' } }, body, isBase64Encoded: false }

const show = async (platform, answer) => console.log(platform.padEnd(10), answer.status, await answer.text())
await show('Vercel', await POST(request()))
await show('Cloudflare', await worker.fetch(request(), process.env))
await show('Netlify', await netlify(request()))
const { statusCode, ...rest } = await handler(event)
await show('Lambda', new Response(rest.body, { status: statusCode }))
