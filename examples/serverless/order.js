// What the four functions have in common: takes {"id","userId","total"}, and tells the user's own channel.
import { call, publishPrivately } from './publish.js'

export async function orderPaid(request, env) {
  if (request.method !== 'POST') return Response.json({ error: 'Send a POST.' }, { status: 405 })
  const order = await request.json().catch(() => null)
  const { id, userId, total } = order ?? {}
  const isGood = typeof id === 'string' && /^[\w-]{1,64}$/.test(id) && isUser(userId) && Number.isFinite(total)
  if (!isGood) return Response.json({ error: 'Send {"id","userId","total"} as JSON.' }, { status: 400 })
  try {
    const message = { channel: channelOf(userId), event: 'paid', data: { id, total } }
    const { offset } = await publishPrivately(env, message, `order-${id}-paid`)
    return Response.json({ offset }, { status: 201 })
  } catch (error) {
    console.error(`order ${id} was not told:`, error.message) // the reason is for the log alone
    return Response.json({ error: 'The order could not be told. Send it again.' }, { status: 502 })
  }
}

// The token with which a page of this user listens to the user's own channel, and to no other. Whose page it is, your
// own sign-in says: never give it to one who only says so.
export async function pushToken(userId, env) {
  const grants = { [channelOf(userId)]: ['subscribe'] }
  const { token } = await call(env, 'POST', 'auth/token', { userId, ttlSeconds: 900, grants })
  return token
}

// A name of a declared channel: small letters and digits, with single hyphens between them.
const isUser = (userId) => typeof userId === 'string' && userId.length <= 64 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(userId)

const channelOf = (userId) => `orders-${userId}`
