/** The list of messages, and of what befell the connection. Newest first. */
import { messageRow, noticeRow } from './page-rows.js'

/** Rows that are kept: few enough for a phone. A notice outlives the messages that come after it. */
const MAX_ROWS = { message: 500, notice: 50 }

/** Each rendering lays out the list anew. More often, a busy channel would leave no time for its messages. */
const RENDER_EVERY_MS = 150

/** Rows made in one rendering. Of more the newest are shown at once, and the others when there is time. */
const ROWS_AT_ONCE = 40

/** Scrolled down so far, somebody reads. */
const READ_FROM_PX = 40

/** A row is `{ sort, key, make, element }`: with an element it stands in the list. */
export class Feed {
  #list = document.querySelector('#feed')
  #scroller = document.querySelector('#scroller')
  #empty = document.querySelector('#empty')
  #count = document.querySelector('#count')
  #pause = document.querySelector('#pause')
  #rows = [] // newest first; those in the list come first
  #waiting = [] // not among them yet, newest last
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
    this.#scroller.addEventListener('scroll', () => this.#schedule(), { passive: true })
    this.#scroller.addEventListener('keydown', (event) => this.#walk(event))
  }

  /** @param origin `live`, or `replayed` or `recovered`: then it has no latency */
  message(message, receivedAt, latency, origin) {
    const key = `${message.channel} ${message.epoch} ${message.offset}`
    if (origin === 'replayed' && this.#has(key)) return // by an earlier connection
    if (origin !== 'replayed') this.#received++
    this.#add('message', key, () => messageRow(message, receivedAt, latency, origin))
  }

  /** A row about a channel that is no message. */
  notice(kind, channel, text) {
    const at = Date.now()
    this.#add('notice', null, () => noticeRow(kind, channel, text, at))
  }

  clear() {
    this.#waiting = []
    this.#rows = []
    this.#received = 0
    this.#list.replaceChildren()
    this.#tell()
  }

  #has(key) {
    return [...this.#rows, ...this.#waiting].some((row) => row.key === key)
  }

  #add(sort, key, make) {
    this.#waiting.push({ sort, key, make, element: null })
    // What is older than what is kept would be taken out again as soon as it was shown.
    if (this.#waiting.length > 2 * MAX_ROWS.message) this.#waiting = kept(this.#waiting.reverse()).reverse()
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
    const isStill = this.#paused || this.#isRead()
    const made = isStill ? 0 : this.#takeOver(this.#waiting.splice(0).reverse())
    this.#append(ROWS_AT_ONCE - made)
    if (this.#rows.at(-1)?.element === null) this.#schedule()
    this.#tell()
  }

  /**
   * @param fresh newest first
   * @returns how many rows it made: none of a burst, before which the whole list makes way
   */
  #takeOver(fresh) {
    const all = [...fresh, ...this.#rows]
    this.#rows = kept(all)
    const isKept = new Set(this.#rows)
    const isBurst = fresh.length > ROWS_AT_ONCE
    for (const row of all) if (isBurst || !isKept.has(row)) takeOut(row)
    if (isBurst) return 0
    this.#list.prepend(...fresh.filter((row) => isKept.has(row)).map(elementOf))
    return fresh.length
  }

  /** Some of what is not in the list yet; all of it is older than what is there. */
  #append(count) {
    const start = this.#rows.findIndex(({ element }) => element === null)
    if (start >= 0) this.#list.append(...this.#rows.slice(start, start + count).map(elementOf))
  }

  // Reading: what somebody has scrolled to, unfolded or come to by keyboard does not move away

  #isRead() {
    return this.#scroller.scrollTop > READ_FROM_PX ||
      this.#scroller.matches(':focus-visible') ||
      this.#list.querySelector('details[open], :focus-visible') !== null
  }

  /** Going on ends the reading too: the button has the focus by now, and what is open is closed. */
  #pauseOrGoOn() {
    const goesOn = this.#paused || this.#isRead()
    this.#paused = !goesOn
    if (goesOn) {
      this.#list.querySelectorAll('details[open]').forEach((details) => (details.open = false))
      this.#scroller.scrollTop = 0
    }
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
    const waiting = kept(this.#waiting.toReversed()).length
    this.#pause.textContent = this.#paused || isRead ? 'Go on' : 'Pause'
    this.#empty.hidden = this.#rows.length > 0
    const received =
      this.#received > 0 ? `${this.#received.toLocaleString('en')} received`
      : this.#rows.some(({ sort }) => sort === 'message') ? 'No new ones yet'
      : 'None yet'
    const paused = this.#paused ? '. Paused' : isRead ? '. Paused while you read' : ''
    this.#count.textContent = received + paused + (paused && waiting > 0 ? `, ${waiting} waiting` : '')
  }
}

/** Those that are kept of each sort, of rows with the newest first. */
function kept(rows) {
  const left = { ...MAX_ROWS }
  return rows.filter(({ sort }) => left[sort]-- > 0)
}

function elementOf(row) {
  row.element = row.make()
  return row.element
}

function takeOut(row) {
  row.element?.remove()
  row.element = null
}
