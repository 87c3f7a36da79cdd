// An AWS Lambda behind a function URL or an HTTP API (both send payload format 2.0).
import { orderPaid } from '../order.js'

export const handler = async ({ requestContext, body, isBase64Encoded }) => {
  const { method } = requestContext.http
  const bytes = isBase64Encoded ? Uint8Array.from(atob(body), (c) => c.charCodeAt(0)) : body
  const answer = await orderPaid(new Request('https://order.invalid/', { method, body: bytes }), process.env)
  return {
    statusCode: answer.status,
    headers: { 'content-type': 'application/json' },
    body: await answer.text(),
  }
}
