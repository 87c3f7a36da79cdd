// Publishes to Pushgate from a function that may end at any moment. Needs nothing but fetch.

const TRIES = 3
const TRY_MS = 2500
const ALL_MS = 9000 // all tries and pauses together: less than the function's own time
const PAUSE_MS = 250

const declared = new Set() // as far as this instance of the function knows

// Only whoever has a token for it can listen to this channel: it is declared as private before anything goes into it.
// The key is the same on every try: so it is one message, also where only the answer was lost.
export async function publishPrivately(env, message, idempotencyKey) {
  const end = Date.now() + ALL_MS
  const { channel } = message
  if (!declared.has(channel)) {
    const declaration = { name: channel, slug: channel, isPrivate: true }
    await call(env, 'POST', 'channels', declaration, {}, end).catch((error) => {
      if (error.code !== 'CONFLICT') throw error
      // It is there already, and may be public.
      return call(env, 'PATCH', `channels/${channel}`, { isPrivate: true }, {}, end)
    })
    declared.add(channel)
  }
  return call(env, 'POST', 'publish', message, { 'Idempotency-Key': idempotencyKey }, end)
}

// One call, tried again when that can help.
export async function call(env, method, path, body, headers = {}, end = Date.now() + ALL_MS) {
  const { PUSHGATE_URL: url, PUSHGATE_SECRET_KEY: secret } = env
  if (!url || !secret) throw new Error('PUSHGATE_URL and PUSHGATE_SECRET_KEY must be set')
  for (let tries = 1; ; tries++) {
    let failure, final = false, retryAfterMs = 0
    try {
      const response = await fetch(`${url}/api/v1/${path}`, {
        method,
        headers: { 'Authorization': `Bearer ${secret}`, 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TRY_MS),
      })
      retryAfterMs = 1000 * response.headers.get('Retry-After') || 0
      const { status } = response
      final = status >= 400 && status < 500 && status !== 429 // it would be refused again
      const answer = await response.json()
      if (response.ok) return answer.data
      failure = Object.assign(new Error(`Pushgate refused: ${status} ${answer.error}`), { code: answer.code })
    } catch (error) {
      failure = error // no answer, or half of one: nobody knows whether the message is published
    }
    // Full jitter: functions that failed together do not come back together.
    const pause = retryAfterMs + Math.random() * PAUSE_MS * 2 ** tries
    if (final || tries === TRIES || Date.now() + pause + TRY_MS > end) throw failure
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}
