/** The list of messages, and of what befell the connection. Newest first. */
import { messageRow, noticeRow } from './page-rows.js'

/** Rows that are kept: few enough for a phone. A notice outlives the messages that come after it. */
const MAX_ROWS = { message: 500, notice: 50 }

/** Each rendering lays out the list anew. More often, a busy channel would leave no time for its messages. */
const RENDER_EVERY_MS = 150

/** Rows made in one rendering: a burst of thousands takes some, and none of them is long. */
const ROWS_AT_ONCE = 200

/** Rows are `{ sort, key, make, element }`, and have an element as soon as they are shown. */
export class Feed {
  #list = document.querySelector('#feed')
  #scroller = document.querySelector('#scroller')
  #empty = document.querySelector('#empty')
  #count = document.querySelector('#count')
  #pause = document.querySelector('#pause')
  #shown = { message: [], notice: [] } // oldest first
  #waiting = [] // of both sorts, oldest first
  #paused = false
  #received = 0
  #timer = null
  #renderedAt = 0

  constructor() {
    this.#pause.addEventListener('click', () => this.#pauseOrGoOn())
    document.querySelector('#clear').addEventListener('click', () => this.clear())
    for (const type of ['focusin', 'focusout', 'toggle']) {
      this.#scroller.addEventListener(type, () => this.#schedule(), true) // a toggle does not bubble
    }
    this.#scroller.addEventListener('keydown', (event) => this.#walk(event))
  }

  /** @param origin `live`, or `replayed` or `recovered`: then it has no latency */
  message(message, receivedAt, latency, origin) {
    const key = `${message.channel} ${message.epoch} ${message.offset}`
    if (origin === 'replayed' && this.#has(key)) return // by an earlier connection
    if (origin !== 'replayed') this.#received++
    this.#add({ sort: 'message', key, make: () => messageRow(message, receivedAt, latency, origin) })
  }

  /** A row about a channel that is no message. */
  notice(kind, channel, text) {
    const at = Date.now()
    this.#add({ sort: 'notice', make: () => noticeRow(kind, channel, text, at) })
  }

  clear() {
    this.#waiting = []
    this.#shown = { message: [], notice: [] }
    this.#received = 0
    this.#list.replaceChildren()
    this.#tell()
  }

  #has(key) {
    return [this.#shown.message, this.#waiting].some((rows) => rows.some((row) => row.key === key))
  }

  #add(row) {
    this.#waiting.push(row)
    // What is older than what is kept would be taken out again as soon as it was shown.
    if (this.#waiting.length > 2 * MAX_ROWS.message) this.#waiting = newest(this.#waiting)
    this.#schedule()
  }

  /** A hidden page gets no animation frames: what waits is bounded, and is shown when the page is. */
  #schedule() {
    const wait = Math.max(0, this.#renderedAt + RENDER_EVERY_MS - performance.now())
    this.#timer ??= setTimeout(() => requestAnimationFrame(() => this.#render()), wait)
  }

  #render() {
    this.#timer = null
    this.#renderedAt = performance.now()
    if (!this.#paused && !this.#isRead()) {
      this.#waiting = newest(this.#waiting)
      const rows = this.#waiting.splice(0, ROWS_AT_ONCE)
      for (const row of rows) {
        row.element = row.make()
        this.#shown[row.sort].push(row)
      }
      this.#list.prepend(...rows.map(({ element }) => element).reverse())
      for (const [sort, shown] of Object.entries(this.#shown)) {
        while (shown.length > MAX_ROWS[sort]) shown.shift().element.remove()
      }
      if (this.#waiting.length > 0) this.#schedule()
    }
    this.#tell()
  }

  // Reading: what somebody has unfolded, or has come to by keyboard, does not move away under his eyes

  #isRead() {
    return this.#scroller.matches(':focus-visible') ||
      this.#list.querySelector('details[open], :focus-visible') !== null
  }

  /** Going on ends the reading too: the button has the focus by now, and what is open is closed. */
  #pauseOrGoOn() {
    const goesOn = this.#paused || this.#isRead()
    this.#paused = !goesOn
    if (goesOn) this.#list.querySelectorAll('details[open]').forEach((details) => (details.open = false))
    this.#schedule()
    this.#tell()
  }

  /** The list is one stop for the Tab key. In it arrows go from message to message. */
  #walk(event) {
    const summaries = [...this.#list.querySelectorAll('summary')]
    const at = summaries.indexOf(event.target)
    if (at < 0 && event.target !== this.#scroller) return // in what is unfolded arrows scroll
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: summaries.length - 1 }[event.key]
    if (!summaries[next]) return
    event.preventDefault()
    summaries[next].focus()
  }

  #tell() {
    const isRead = this.#isRead()
    const waiting = newest(this.#waiting).length
    this.#pause.textContent = this.#paused || isRead ? 'Go on' : 'Pause'
    this.#empty.hidden = this.#list.childElementCount > 0
    const received =
      this.#received > 0 ? `${this.#received.toLocaleString('en')} received`
      : this.#shown.message.length > 0 ? 'No new ones yet'
      : 'None yet'
    const paused = this.#paused ? '. Paused' : isRead ? '. Paused while you read' : ''
    this.#count.textContent = received + paused + (paused && waiting > 0 ? `, ${waiting} waiting` : '')
  }
}

/** Those that are kept of each sort, in their order. */
function newest(rows) {
  const left = { ...MAX_ROWS }
  return rows.toReversed().filter(({ sort }) => left[sort]-- > 0).reverse()
}
