// Calls the functions of examples/serverless as their platforms do.
const folder = '/examples/serverless'

// Gives the status and the text of the answer.
window.order = async (platform, env, method, body) => {
  globalThis.process = { env } // where Vercel, Netlify and Lambda have it
  const answer = await call[platform](new Request('/api/order-paid', { method, body }), env, body)
  return { status: answer.status, text: await answer.text() }
}

window.token = async (userId, env) => {
  const { pushToken } = await import(`${folder}/order.js`)
  return pushToken(userId, env)
}

const call = {
  async vercel(request) {
    const functions = await import(`${folder}/api/order-paid.js`)
    return functions[request.method](request)
  },
  async cloudflare(request, env) {
    globalThis.process = undefined
    const { default: worker } = await import(`${folder}/cloudflare/worker.js`)
    return worker.fetch(request, env, { waitUntil() {} })
  },
  async netlify(request) {
    const { default: handle } = await import(`${folder}/netlify/functions/order-paid.mjs`)
    return handle(request, {})
  },
  async lambda({ method }, env, body) {
    return ofLambda({ requestContext: { http: { method } }, body, isBase64Encoded: false })
  },
  async lambdaInBase64({ method }, env, body) {
    const encoded = btoa(String.fromCharCode(...new TextEncoder().encode(body)))
    return ofLambda({ requestContext: { http: { method } }, body: encoded, isBase64Encoded: true })
  },
}

async function ofLambda(event) {
  const { handler } = await import(`${folder}/lambda/index.mjs`)
  const { statusCode, headers, body } = await handler(event)
  return new Response(body, { status: statusCode, headers })
}
