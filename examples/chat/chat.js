// A room of the chat. Who one is, and what one may do, says the token that this page's own server mints.

const room = new URLSearchParams(location.search).get('room') ?? 'lobby'
const channel = `chat:${room}`
const REWIND = 50 // messages that a page which is opened, or comes back too late, shows at once
const ROWS = 500

const element = (id) => document.getElementById(id)
const shown = new Set() // ids of the messages that have a row
const sent = new Map() // id of a message of mine that is published but has not come back yet → its row
let client
let subscription

element('room').textContent = room
element('sign-in').addEventListener('submit', signIn)
element('say').addEventListener('submit', say)

const { gateway, name } = await (await fetch('config')).json()
if (name) enter()
else {
  element('sign-in').hidden = false
  state('Who are you?')
}

async function signIn(event) {
  event.preventDefault()
  const body = JSON.stringify({ name: element('name').value })
  const response = await fetch('sign-in', { method: 'POST', body })
  if (response.ok) return enter()
  state((await response.json()).error)
}

async function enter() {
  const module = await import(`${gateway}/pushgate.js`).catch(() => null)
  if (!module) return state(`There is no gateway at ${gateway}. Start it and load this page again.`)
  element('sign-in').hidden = true
  document.querySelector('main').hidden = false
  element('text').focus()
  client = new module.Pushgate({ url: gateway, getToken })
  client.on('stateChange', (is, { error, retryInMs }) => {
    const words = {
      connecting: 'Connecting …',
      connected: `You are ${client.clientId}`,
      disconnected: `Away, trying again in ${Math.ceil((retryInMs ?? 0) / 1000)} s`,
      error: `Refused: ${error?.message}`,
    }
    state(words[is])
  })
  join()
  client.connect()
}

// Called for every connection, and 30 s before a token ends: the connection goes on with the new one.
async function getToken() {
  const response = await fetch('token', { method: 'POST' })
  if (response.status === 401) location.reload() // signed out meanwhile
  const { token, error } = await response.json()
  if (!response.ok) throw new Error(error)
  return token
}

function join() {
  subscription = client.subscribe(channel, {
    rewind: REWIND,
    onMessage: show,
    onRecovered: (n) => n > 0 && note(`You were away. ${n} messages came meanwhile.`),
    onGap: () => note('Some messages are missing here.'),
    // The room's numbers began anew, or we were away for too long: ask for its newest messages again.
    onReset: () => {
      note('Some messages may be missing here.')
      subscription.unsubscribe()
      join()
    },
    onError: ({ message }) => note(message),
  })
}

function show({ id, clientId, content, timestamp }) {
  if (shown.has(id)) return // a rewind brings again what is there
  const line = row(clientId, content?.text)
  const time = document.createElement('time')
  time.textContent = new Date(timestamp).toLocaleTimeString()
  line.prepend(time)
  line.dataset.id = id
  shown.add(id)
  append(line)
  sent.get(id)?.remove()
  sent.delete(id)
}

function say(event) {
  event.preventDefault()
  const text = element('text').value
  element('text').value = ''
  const line = row(client.clientId ?? 'me', text)
  element('pending').append(line)
  send(line, text, `${Date.now()}-${Math.random()}`)
}

// The key makes it one message, however often it is sent.
async function send(line, text, key) {
  const about = document.createElement('small')
  about.textContent = ' sending …'
  line.append(about)
  try {
    const { id } = await client.publish(channel, { text }, { eventType: 'said', id: key })
    about.remove()
    if (shown.has(id)) line.remove()
    else sent.set(id, line)
  } catch (error) {
    about.textContent = ` not sent: ${error.message} `
    const again = document.createElement('button')
    again.textContent = 'Send again'
    again.addEventListener('click', () => {
      about.remove()
      send(line, text, key)
    })
    about.append(again)
  }
}

// What people write goes into textContent alone: it can be text, never markup.
function row(author, text) {
  const line = document.createElement('li')
  const who = document.createElement('b')
  who.textContent = author
  line.append(who, ` ${text ?? ''}`)
  return line
}

function note(words) {
  const line = document.createElement('li')
  line.className = 'note'
  line.textContent = words
  append(line)
}

function append(line) {
  const messages = element('messages')
  messages.append(line)
  while (messages.children.length > ROWS) {
    shown.delete(messages.firstElementChild.dataset.id)
    messages.firstElementChild.remove()
  }
  line.scrollIntoView({ block: 'nearest' })
}

function state(words) {
  element('state').textContent = words
}
