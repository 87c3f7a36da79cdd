// Publishes to Pushgate from a function that may end at any moment. Needs nothing but fetch.

const TRIES = 3
const TRY_MS = 2500
const ALL_MS = 9000 // all tries and pauses together: less than the function's own time
const PAUSE_MS = 250

// The key is the same on every try: so it is one message, also where only the answer was lost.
export async function publish(env, message, idempotencyKey) {
  const { PUSHGATE_URL: url, PUSHGATE_SECRET_KEY: secret } = env
  if (!url || !secret) throw new Error('PUSHGATE_URL and PUSHGATE_SECRET_KEY must be set')
  const end = Date.now() + ALL_MS
  for (let tries = 1; ; tries++) {
    let failure, final = false, retryAfterMs = 0
    try {
      const response = await fetch(`${url}/api/v1/publish`, {
        method: 'POST',
        headers: {
          'Authorization': `Bearer ${secret}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': idempotencyKey,
        },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(TRY_MS),
      })
      retryAfterMs = 1000 * response.headers.get('Retry-After') || 0
      const { status } = response
      final = status >= 400 && status < 500 && status !== 429 // it would be refused again
      const answer = await response.json()
      if (response.ok) return answer.data
      failure = new Error(`Pushgate refused: ${status} ${answer.code}, ${answer.error}`)
    } catch (error) {
      failure = error // no answer, or half of one: nobody knows whether the message is published
    }
    // Full jitter: functions that failed together do not come back together.
    const pause = retryAfterMs + Math.random() * PAUSE_MS * 2 ** tries
    if (final || tries === TRIES || Date.now() + pause + TRY_MS > end) throw failure
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

// What the four functions have in common: takes {"id","userId","total"}, tells the user's channel.
export async function orderPaid(request, env) {
  if (request.method !== 'POST') return Response.json({ error: 'Send a POST.' }, { status: 405 })
  const order = await request.json().catch(() => null)
  const good = (id) => typeof id === 'string' && /^[\w-]{1,64}$/.test(id)
  if (!good(order?.id) || !good(order.userId) || !Number.isFinite(order.total)) {
    return Response.json({ error: 'Send {"id","userId","total"} as JSON.' }, { status: 400 })
  }
  const { id, userId, total } = order
  try {
    const message = { channel: `orders-${userId}`, event: 'paid', data: { id, total } }
    const { offset } = await publish(env, message, `order-${id}-paid`)
    return Response.json({ offset }, { status: 201 })
  } catch (error) {
    console.error(`order ${id} was not told:`, error.message) // the reason is for the log alone
    return Response.json({ error: 'The order could not be told. Send it again.' }, { status: 502 })
  }
}
