/** The list of messages, and of what befell the connection. Newest first. */

/** Rows that are kept: enough to look back, and few enough for a phone. */
export const MAX_ROWS = 500

/** Rows made in one animation frame: a burst of thousands takes some frames, and none of them is long. */
const ROWS_PER_FRAME = 40

/** Characters of a message that stand in its row; all of it is there when it is unfolded. */
const SUMMARY_LENGTH = 160

export class Feed {
  #list = document.querySelector('#feed')
  #empty = document.querySelector('#empty')
  #count = document.querySelector('#count')
  #pause = document.querySelector('#pause')
  #waiting = [] // oldest first
  #paused = false
  #received = 0
  #frame = 0

  constructor() {
    this.#pause.addEventListener('click', () => this.#setPaused(!this.#paused))
    document.querySelector('#clear').addEventListener('click', () => this.clear())
  }

  /** @param origin `live`, or `replayed` or `recovered`: then it has no latency */
  message(message, receivedAt, latency, origin) {
    this.#received++
    this.#add(() => messageRow(message, receivedAt, latency, origin))
  }

  /** A row about a channel that is no message. */
  notice(kind, channel, text) {
    const at = Date.now()
    this.#add(() => noticeRow(kind, channel, text, at))
  }

  clear() {
    this.#waiting = []
    this.#received = 0
    this.#list.replaceChildren()
    this.#tell()
  }

  #add(row) {
    this.#waiting.push(row)
    // What is older than the newest 500 would be taken out again as soon as it was shown.
    if (this.#waiting.length > 2 * MAX_ROWS) this.#waiting = this.#waiting.slice(-MAX_ROWS)
    this.#schedule()
  }

  /** A hidden page gets no animation frames: what waits is bounded, and is shown when the page is. */
  #schedule() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#render())
  }

  #render() {
    this.#frame = 0
    if (!this.#paused) {
      if (this.#waiting.length > MAX_ROWS) this.#waiting = this.#waiting.slice(-MAX_ROWS)
      const rows = this.#waiting.splice(0, ROWS_PER_FRAME).map((row) => row())
      this.#list.prepend(...rows.reverse())
      while (this.#list.childElementCount > MAX_ROWS) this.#list.lastElementChild.remove()
      if (this.#waiting.length > 0) this.#schedule()
    }
    this.#tell()
  }

  #setPaused(paused) {
    this.#paused = paused
    this.#schedule()
  }

  #tell() {
    const waiting = Math.min(this.#waiting.length, MAX_ROWS)
    this.#pause.textContent = this.#paused ? 'Go on' : 'Pause'
    this.#empty.hidden = this.#list.childElementCount > 0
    this.#count.textContent =
      (this.#received === 0 ? 'None yet' : `${this.#received.toLocaleString('en')} received`) +
      (this.#paused ? `, paused${waiting > 0 ? `, ${waiting} waiting` : ''}` : '')
  }
}

function messageRow(message, receivedAt, latency, origin) {
  const row = element('li', 'row')
  row.dataset.kind = 'message'
  row.dataset.channel = message.channel
  row.dataset.offset = message.offset
  row.dataset.id = message.id
  row.dataset.origin = origin
  const measures = element('span', 'measures')
  measures.append(latencyOf(latency, origin), offsetOf(message.offset))
  const head = element('div', 'head')
  const names = element('span', 'names')
  names.append(element('span', 'channel', message.channel), element('span', 'event', message.eventType))
  head.append(time(message.timestamp ?? receivedAt), names, measures)
  row.append(head, folded(message.data))
  return row
}

function noticeRow(kind, channel, text, at) {
  const row = element('li', 'row notice')
  row.dataset.kind = kind
  row.dataset.channel = channel
  const head = element('div', 'head')
  head.append(time(at), element('span', 'channel', channel), element('span', 'text', text))
  row.append(head)
  return row
}

function latencyOf(latency, origin) {
  if (latency === null) {
    const none = element('span', 'latency', origin)
    none.title = origin === 'replayed' ? 'Published before this page listened' : 'Published while it was away'
    return none
  }
  const shown = element('span', 'latency', `${latency} ms`)
  if (latency < 0) shown.title = "Less than nothing: this device's clock is behind the gateway's"
  return shown
}

function offsetOf(offset) {
  const shown = element('span', 'offset')
  shown.append(element('span', 'unseen', 'offset '), `#${offset}`)
  return shown
}

/** The data in one line, and laid out when it is unfolded: most never are, so that is made then. */
function folded(data) {
  const line = JSON.stringify(data) ?? 'null'
  const details = element('details', 'data')
  const start = line.length > SUMMARY_LENGTH ? line.slice(0, SUMMARY_LENGTH) + '…' : line
  details.append(element('summary', '', start))
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      details.append(element('pre', '', JSON.stringify(data, null, 2)))
    }
  })
  return details
}

function time(at) {
  const date = new Date(at)
  const shown = element('time', '', clock(date))
  shown.dateTime = date.toISOString()
  shown.title = date.toLocaleString()
  return shown
}

/** 15:04:05.123 in the time zone of this device. */
function clock(date) {
  const two = (number) => String(number).padStart(2, '0')
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`
}

/** Text is only ever text here: what somebody published is never read as HTML. */
function element(name, className = '', text = '') {
  const made = document.createElement(name)
  if (className) made.className = className
  made.textContent = text
  return made
}
