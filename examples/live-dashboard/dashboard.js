// Figures of a shop, live from the channel `figures`. Each message holds all figures of one second.
import { Pushgate } from 'http://localhost:8080/pushgate.js'

const GATEWAY = 'http://localhost:8080'
const CHANNEL = 'figures'
const POINTS = 60 // so many seconds are drawn
const LOG_ROWS = 20

const points = [] // the newest last; null where figures are missing
let subscription
let drawing = false

// The key stands behind the #, which browsers send to no server.
addEventListener('hashchange', () => location.reload())
const key = new URLSearchParams(location.hash.slice(1)).get('key')
if (key) start()
else say('error', 'Open this page with #key=pub_… behind its address.')

function start() {
  const client = new Pushgate({ url: GATEWAY, key })
  client.on('stateChange', (state, { error, retryInMs }) => {
    const words = {
      connecting: 'Connecting …',
      connected: 'Connected',
      disconnected: `Away, trying again in ${Math.ceil((retryInMs ?? 0) / 1000)} s`,
      error: `Refused: ${error?.message}`,
    }
    say(state, words[state])
  })
  follow(client)
  client.connect()
}

function follow(client) {
  subscription = client.subscribe(CHANNEL, {
    rewind: POINTS, // a fresh page has something to show at once
    onMessage: ({ data }) => add(data),
    // After a reconnect what was missed has come, in order: nothing to do but to say so.
    onRecovered: (n) => n > 0 && log(`Back again: ${n} figures came late, none is missing.`),
    // These seconds nobody can give us any more. The line has to show it.
    onGap: ({ from, to }) => {
      add(null)
      log(`Figures ${from} to ${to} are missing.`)
    },
    // Away for longer than the gateway remembers, or the channel began anew: what is drawn leads nowhere. Load
    // the state again. Here the rewind is the state; where it is in a database, this is the place to fetch it.
    onReset: () => {
      log('Away for too long: the figures are loaded again.')
      points.length = 0
      subscription.unsubscribe()
      follow(client)
    },
    onError: ({ code, message }) => log(`${code}: ${message}`),
  })
}

function add(figures) {
  points.push(figures)
  if (points.length > POINTS) points.shift()
  if (drawing) return
  drawing = true
  requestAnimationFrame(draw) // once for all that came together; not at all while the page is hidden
}

function draw() {
  drawing = false
  const newest = points.findLast((figures) => figures)
  for (const section of document.querySelectorAll('[data-figure]')) {
    const values = points.map((figures) => figures && Number(figures[section.dataset.figure]))
    const value = newest && Number(newest[section.dataset.figure])
    section.querySelector('output').textContent = value?.toLocaleString('en') ?? '–'
    section.querySelector('path').setAttribute('d', line(values))
  }
}

// A path in a box of 60 by 20. Where a value is missing the pen is lifted.
function line(values) {
  const known = values.filter(Number.isFinite)
  const low = Math.min(...known)
  const scale = 18 / (Math.max(...known) - low || 1)
  const steps = values.map((value, i) => {
    if (!Number.isFinite(value)) return ''
    const pen = Number.isFinite(values[i - 1]) ? 'L' : 'M'
    return `${pen}${POINTS - values.length + i} ${(19 - (value - low) * scale).toFixed(2)}`
  })
  return steps.join('')
}

function say(state, words) {
  const line = document.getElementById('state')
  line.dataset.state = state
  line.textContent = words
}

function log(words) {
  const rows = document.getElementById('log')
  const row = document.createElement('li')
  row.textContent = `${new Date().toLocaleTimeString()} ${words}`
  rows.prepend(row)
  while (rows.children.length > LOG_ROWS) rows.lastElementChild.remove()
}
