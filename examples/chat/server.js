// Serves the chat page, signs people in, and mints their connection tokens. Node's own modules only.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

const GATEWAY = process.env.PUSHGATE_URL ?? 'http://localhost:8080'
const SECRET = process.env.PUSHGATE_SECRET_KEY
const PORT = Number(process.env.PORT ?? 3000)
const TOKEN_SECONDS = Number(process.env.TOKEN_SECONDS ?? 600) // short: whoever is thrown out is out soon
const SESSIONS = 10_000
const BODY = 1_000

if (!SECRET) {
  console.error('PUSHGATE_SECRET_KEY is not set: the gateway printed a sec_ key at its first start.')
  process.exit(1)
}

const FILES = {
  '/': ['index.html', 'text/html'],
  '/chat.js': ['chat.js', 'text/javascript'],
  '/chat.css': ['chat.css', 'text/css'],
}
const POLICY = `default-src 'none'; script-src 'self' ${GATEWAY}; style-src 'self'; img-src data:; ` +
  `connect-src 'self' ${GATEWAY} ${GATEWAY.replace(/^http/, 'ws')}; base-uri 'none'; form-action 'self'`

// Session cookie → name. There is no password: in your app your own sign-in stands here.
const sessions = new Map()

const server = createServer(async (request, response) => {
  try {
    await route(request, response)
  } catch (error) {
    console.error(`${request.method} ${request.url}:`, error.message)
    answer(response, 500, { error: 'Something went wrong here.' })
  }
})
server.listen(PORT, () => console.log(`Chat at http://localhost:${server.address().port}/`))

async function route(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost')
  const session = /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]
  const name = sessions.get(session) ?? null
  const file = request.method === 'GET' && FILES[pathname]
  if (file) {
    const headers = { 'content-type': `${file[1]}; charset=utf-8`, 'content-security-policy': POLICY }
    response.writeHead(200, headers).end(await readFile(new URL(file[0], import.meta.url)))
  } else if (request.method === 'GET' && pathname === '/config') {
    answer(response, 200, { gateway: GATEWAY, name })
  } else if (request.method === 'POST' && pathname === '/sign-in') {
    signIn(response, await readJson(request))
  } else if (request.method === 'POST' && pathname === '/token') {
    await mint(response, name)
  } else {
    answer(response, 404, { error: 'There is nothing here.' })
  }
}

function signIn(response, body) {
  const name = String(body?.name ?? '').trim()
  if (!/^[\p{L}\p{N} _.-]{1,32}$/u.test(name)) {
    return answer(response, 400, { error: 'A name is 1 to 32 letters, digits, blanks or _ . -' })
  }
  const session = randomUUID()
  sessions.set(session, name)
  if (sessions.size > SESSIONS) sessions.delete(sessions.keys().next().value) // the oldest
  // SameSite: no other site's page can ask for a token in this person's name.
  response.setHeader('set-cookie', `session=${session}; HttpOnly; SameSite=Strict; Path=/`)
  answer(response, 200, { name })
}

// A token says who somebody is and what that one may do. The secret key never leaves this process.
async function mint(response, name) {
  if (!name) return answer(response, 401, { error: 'Sign in first.' })
  const minted = await fetch(`${GATEWAY}/api/v1/auth/token`, {
    method: 'POST',
    headers: { 'Authorization': `Bearer ${SECRET}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      userId: name,
      clientId: name, // every message of this connection carries it: nobody can speak in another's name
      ttlSeconds: TOKEN_SECONDS,
      grants: { 'chat:*': ['subscribe', 'publish'] },
    }),
    signal: AbortSignal.timeout(5_000),
  }).then((reply) => reply.json()).catch((error) => ({ error: error.message }))
  if (minted.success) return answer(response, 200, { token: minted.data.token })
  console.error('no token:', minted.code ?? '', minted.error)
  answer(response, 502, { error: 'There is no token to be had now.' })
}

async function readJson(request) {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > BODY) return null
  }
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function answer(response, status, body) {
  if (response.headersSent) return response.end()
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
