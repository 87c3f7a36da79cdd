/**
 * The page at `/`: what it takes from the address bar, its connection and its channels. The rest is beside
 * it: the list of messages (page-feed.js), the plots (page-plot.js), publishing (page-publish.js), and the
 * state of the connection in words (page-state.js).
 */
import { Pushgate, VERSION } from './pushgate.js'
import { Feed } from './page-feed.js'
import { Plots } from './page-plot.js'
import { Publishing } from './page-publish.js'
import { ConnectionState, inWords } from './page-state.js'

const GATEWAY = new URL('.', location.href)
const DEFAULT_CHANNELS = ['demo']
const CHANNEL_NAME = /^(?!\.{1,2}$)[A-Za-z0-9_\-=@,.;:]{1,200}$/

/** What was just published shows at once, on a page that has only been opened. */
const REWIND = 10

const field = (id) => document.getElementById(id)
const feed = new Feed()
const plots = new Plots()
const state = new ConnectionState()
const publishing = new Publishing(new URL('api/v1/publish', GATEWAY).href)
const channels = new Map() // name → { handle, chip, joined }
let client = null

field('version').textContent = VERSION
field('key-form').addEventListener('submit', (event) => {
  event.preventDefault()
  client ? disconnect() : connect(field('key').value.trim())
})
field('key').addEventListener('input', () => publishing.useKey(field('key').value.trim()))
field('key-show').addEventListener('click', showKey)
field('channel-form').addEventListener('submit', (event) => {
  event.preventDefault()
  addFromForm()
})
addEventListener('hashchange', () => takeOver(fromFragment()))

takeOver(fromFragment() ?? { key: undefined, channels: [] })
if (!client) field('key').focus()

// What to show: from the fragment, which never reaches the server, else what this tab remembers

/** Read once, and taken out of the address bar and the history: a key is not for whoever looks on. */
function fromFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1))
  if (!fragment.has('key') && !fragment.has('channel')) return null
  history.replaceState(null, '', location.pathname + location.search)
  return { key: fragment.get('key')?.trim(), channels: fragment.getAll('channel').filter(isName) }
}

function takeOver(wanted) {
  if (!wanted) return
  const { key = remembered('key') ?? '', channels: names } = wanted
  const shown = names.length > 0 ? names : (remembered('channels') ?? DEFAULT_CHANNELS)
  for (const name of [...channels.keys()]) if (!shown.includes(name)) removeChannel(name)
  for (const name of shown) addChannel(name)
  field('key').value = key
  if (key) connect(key)
  else publishing.useKey('')
}

/** In this tab only, and only until it is closed; not at all where the browser does not let us. */
function remember(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(`pushgate.${name}`)
    else sessionStorage.setItem(`pushgate.${name}`, JSON.stringify(value))
  } catch {
    // Then a reload begins anew.
  }
}

function remembered(name) {
  try {
    return JSON.parse(sessionStorage.getItem(`pushgate.${name}`))
  } catch {
    return null
  }
}

// The connection

function connect(key) {
  drop()
  if (!key) {
    state.problem('Which key? A publish key (pub_…) is enough to listen.')
    field('key').focus()
    return
  }
  remember('key', key)
  publishing.useKey(key)
  const mine = new Pushgate({ url: GATEWAY.href, key })
  client = mine
  mine.on('stateChange', (name, details) => {
    state.show(name, details)
    if (name === 'error') stopped()
    if (name === 'disconnected') chipsWait()
  })
  mine.on('disconnected', (_, { error }) => feed.notice('lost', '', `Connection lost: ${inWords(error)}`))
  mine.on('error', (error) => state.problem(inWords(error)))
  for (const name of channels.keys()) subscribe(name)
  mine.connect()
  showButton()
}

/** The person ends it: then the tab forgets the key too. */
function disconnect() {
  drop()
  remember('key', null)
}

function drop() {
  const old = client
  stopped()
  old?.removeAllListeners().destroy()
  state.reset()
}

/** Nothing goes on by itself any more. What is told from now on is of no interest. */
function stopped() {
  client = null
  chipsWait()
  showButton()
}

function chipsWait() {
  for (const { chip } of channels.values()) chip.dataset.state = 'waiting'
}

function showButton() {
  field('connect').textContent = client ? 'Disconnect' : 'Connect'
}

function showKey() {
  const shown = field('key').type === 'password'
  field('key').type = shown ? 'text' : 'password'
  field('key-show').textContent = shown ? 'Hide' : 'Show'
}

// Channels

function isName(name) {
  return CHANNEL_NAME.test(name)
}

function addFromForm() {
  const name = field('channel').value.trim()
  const problem =
    name === '' ? 'Which channel?'
    : channels.has(name) ? 'This channel is here already.'
    : isName(name) ? ''
    : 'A name is 1 to 200 characters of A–Z a–z 0–9 _ - = @ , . ; :'
  field('channel-problem').textContent = problem
  field('channel').setAttribute('aria-invalid', String(problem !== ''))
  if (problem) return field('channel').focus()
  field('channel').value = ''
  addChannel(name)
}

function addChannel(name) {
  if (channels.has(name)) return
  channels.set(name, { handle: null, chip: chipOf(name), joined: null })
  if (client) subscribe(name)
  channelsChanged()
}

function removeChannel(name) {
  const { handle, chip } = channels.get(name)
  channels.delete(name)
  handle?.unsubscribe()
  chip.remove()
  channelsChanged()
}

function channelsChanged() {
  const names = [...channels.keys()]
  publishing.useChannels(names)
  remember('channels', names)
}

function chipOf(name) {
  const chip = document.createElement('li')
  chip.dataset.channel = name
  chip.dataset.state = 'waiting'
  const label = document.createElement('span')
  label.textContent = name
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = '×'
  button.setAttribute('aria-label', `Remove ${name}`)
  button.addEventListener('click', () => {
    removeChannel(name)
    field('channel').focus()
  })
  chip.append(label, button)
  field('channels').append(chip)
  return chip
}

function subscribe(name) {
  const mine = client
  const channel = channels.get(name)
  /** Something that is told of this channel, unless it or its connection is not shown any more. */
  const told = (then) => (...args) => {
    if (client === mine && channels.get(name) === channel) then(...args)
  }
  const notice = (kind, text) => {
    feed.notice(kind, name, text)
    announce(`${name}: ${text}`)
  }
  channel.handle = mine.subscribe(name, {
    rewind: REWIND,
    onMessage: told((message) => receive(message, channel.joined)),
    onSubscribed: told((position) => {
      channel.joined = position
      channel.chip.dataset.state = 'subscribed'
    }),
    onRecovered: told((n) => notice('recovered', recovered(n))),
    onGap: told(({ from, to }) => notice('gap', `Gap: #${from} to #${to} cannot be had any more`)),
    onReset: told(() => notice('reset', 'Reset: what was missed cannot be had; only new messages follow')),
    onError: told((error) => {
      channel.chip.dataset.state = 'refused'
      notice('error', inWords(error))
    }),
    onUnsubscribed: told(() => {
      notice('ended', 'Unsubscribed by the gateway')
      removeChannel(name)
    }),
  })
}

/** To screen readers. Several may come at once, and each is to be read. */
function announce(text) {
  const line = document.createElement('p')
  line.textContent = text
  field('announcements').append(line)
  if (field('announcements').childElementCount > 20) field('announcements').firstElementChild.remove()
}

function recovered(n) {
  if (n === 0) return 'Recovered: nothing was missed'
  return `Recovered ${n} missed ${n === 1 ? 'message' : 'messages'}`
}

/**
 * What was published before this page listened, or while it was away, has no latency: it has waited to be
 * asked for. The former is not counted either.
 */
function receive(message, joined) {
  const now = Date.now()
  const isLate = joined?.epoch === message.epoch && message.offset <= joined.offset
  const origin = isLate ? (joined.recovered ? 'recovered' : 'replayed') : 'live'
  const latency = isLate ? null : now - message.timestamp
  feed.message(message, now, latency, origin)
  if (origin !== 'replayed') plots.add(latency)
}
