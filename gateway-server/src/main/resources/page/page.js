/**
 * The page at `/`: its connection. The rest is beside it: what comes before all (page-start.js), what is to
 * be shown (page-wanted.js), the channels (page-channels.js), the list of messages (page-feed.js,
 * page-filter.js, page-rows.js), what is read out (page-news.js), the plots (page-plot.js), publishing
 * (page-publish.js, page-curl.js), copying (page-copy.js), and the state of the connection in words (page-state.js).
 */
import { Pushgate, VERSION } from './pushgate.js'
import { Channels } from './page-channels.js'
import { Feed } from './page-feed.js'
import { News } from './page-news.js'
import { Plots } from './page-plot.js'
import { Publishing } from './page-publish.js'
import { ConnectionState, inWords } from './page-state.js'
import { fromFragment, problemWithKey, remember, rememberedChannels, rememberedKey } from './page-wanted.js'

const GATEWAY = new URL('.', location.href)
const DEFAULT_CHANNELS = ['demo']

const field = (id) => document.getElementById(id)
const feed = new Feed()
const news = new News(feed)
const plots = new Plots()
const state = new ConnectionState()
const publishing = new Publishing(new URL('api/v1/publish', GATEWAY).href)
const channels = new Channels(news, receive, (names) => {
  publishing.useChannels(names)
  feed.useChannels(names)
  remember('channels', names)
  showWhatToDo()
})
let client = null
let usedKey = '' // the client's
let isTaken = false // the gateway has taken it

field('version').textContent = VERSION
field('key-form').addEventListener('submit', () => (client ? disconnect() : connect(typedKey())))
field('key').addEventListener('input', () => publishing.useKey(typedKey()))
field('key-show').addEventListener('click', showKey)

/** @param fragment of the link; null when it had none */
export function show(fragment) {
  const wanted = fromFragment(fragment)
  const key = wanted.key ?? (client ? usedKey : rememberedKey())
  drop()
  const names = wanted.channels.length > 0 ? wanted.channels : rememberedChannels()
  channels.replace(names ?? DEFAULT_CHANNELS)
  if (wanted.left > 0) feed.notice('left', '', `${wanted.left} more channels of the link are left out`)
  field('key').value = key
  if (key) connect(key)
  else publishing.useKey('')
  if (wanted.problem) state.problem(wanted.problem)
  if (!client) field('key').focus()
}

function typedKey() {
  return field('key').value.trim()
}

function connect(key) {
  drop()
  const problem = key ? problemWithKey(key) : 'Which key? A publish key (pub_…) is enough to listen.'
  if (problem) {
    state.problem(problem)
    field('key').focus()
    return
  }
  publishing.useKey(key)
  const mine = new Pushgate({ url: GATEWAY.href, key })
  client = mine
  usedKey = key
  mine.on('connected', () => {
    news.connected()
    remember('key', key)
    isTaken = true
    showForm()
  })
  mine.on('stateChange', (name, details) => {
    state.show(name, details)
    if (name === 'error') refused()
    if (name === 'disconnected') channels.wait()
  })
  mine.on('disconnected', (_, { error, code }) => feed.notice('lost', '', `Connection lost. ${inWords(error, code)}`))
  mine.on('error', (error) => state.problem(inWords(error)))
  channels.subscribeAll(mine)
  mine.connect()
  showForm()
}

/** For good: with this key a reload would get no further. */
function refused() {
  stopped()
  remember('key', null)
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
  isTaken = false
  channels.stop()
  showForm()
}

/**
 * What was published before this page listened, or while it was away, has no latency: it has waited to be
 * asked for. The former is not counted either. The time is taken here: rows are made later.
 */
function receive(message, joined) {
  const now = Date.now()
  const isLate = joined?.epoch === message.epoch && message.offset <= joined.offset
  const origin = isLate ? (joined.recovered ? 'recovered' : 'replayed') : 'live'
  const latency = isLate ? null : now - message.timestamp
  feed.message(message, now, latency, origin)
  if (origin !== 'replayed') plots.add(latency)
}

/** Once the key is taken its field is folded: there is nothing to do with it, and a phone has little room. */
function showForm() {
  field('connect').textContent = client ? 'Disconnect' : 'Connect'
  field('key-used').textContent = isTaken ? `With ${shortened(usedKey)}` : ''
  field('key-used').hidden = !isTaken
  field('key-hint').hidden = isTaken
  const fields = field('key-fields')
  if (isTaken && fields.contains(document.activeElement)) field('connection').focus({ preventScroll: true })
  fields.hidden = isTaken
  showWhatToDo()
}

function showWhatToDo() {
  feed.sayWhenEmpty(
    !client ? 'Paste a publish key (pub_…) as the API key and press Connect. The gateway prints one at its first start; ' +
        './pushgate keys create --kind publish makes another.'
    : channels.size === 0 ? 'Add a channel to listen to.'
    : 'Nothing yet. What is published to these channels shows here at once, the newest first: fill in the form and ' +
      'press Publish, or paste its curl line into a terminal.',
  )
}

/** As much of a key as the gateway's own list of keys shows. */
function shortened(key) {
  return key.length > 12 ? `${key.slice(0, 12)}…` : key
}

function showKey() {
  const shown = field('key').type === 'password'
  field('key').type = shown ? 'text' : 'password'
  field('key-show').textContent = shown ? 'Hide' : 'Show'
}
