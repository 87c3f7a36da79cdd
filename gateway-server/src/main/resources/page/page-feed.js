/** The list of messages, and of what befell the connection. Newest first. */
import { Filter } from './page-filter.js'
import { messageRow, noticeRow } from './page-rows.js'

/** Rows that are kept: few enough for a phone. A notice outlives the messages that come after it. */
const MAX_ROWS = { message: 500, notice: 50 }

/** Each rendering lays out the list anew. More often, a busy channel would leave no time for its messages. */
const RENDER_EVERY_MS = 150

/** Rows made in one rendering. Of more the newest are shown at once, and the others when there is time. */
const ROWS_AT_ONCE = 40

/** Scrolled down so far, somebody reads. */
const READ_FROM_PX = 40

/** A row is `{ sort, key, channel, event, at, isLate, make, element }`: with an element it stands in the list. */
export class Feed {
  #list = document.querySelector('#feed')
  #scroller = document.querySelector('#scroller')
  #empty = document.querySelector('#empty')
  #count = document.querySelector('#count')
  #pause = document.querySelector('#pause')
  #filtered = document.querySelector('#filtered')
  #filter = new Filter(() => this.#applyFilter())
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
    this.#filter.offerEvent(message.eventType)
    this.#add({
      sort: 'message',
      key,
      channel: message.channel,
      event: message.eventType,
      at: message.timestamp ?? receivedAt,
      isLate: origin !== 'live',
      make: () => messageRow(message, receivedAt, latency, origin),
    })
  }

  /** A row about a channel that is no message. */
  notice(kind, channel, text) {
    const at = Date.now()
    this.#add({ sort: 'notice', key: null, channel, at, make: () => noticeRow(kind, channel, text, at) })
  }

  /** @param sentence what to do, for one who sees no rows */
  sayWhenEmpty(sentence) {
    if (this.#empty.textContent !== sentence) this.#empty.textContent = sentence
  }

  /** The channels whose rows can be shown alone. */
  useChannels(names) {
    this.#filter.offerChannels(names)
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

  #add(row) {
    this.#waiting.push({ ...row, element: null })
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
    const made = isStill ? 0 : this.#takeOver(this.#waiting.splice(0))
    this.#append(ROWS_AT_ONCE - made)
    if (this.#rows.at(-1)?.element === null) this.#schedule()
    this.#tell()
  }

  /**
   * @param fresh as they came
   * @returns how many rows it made: none of a burst, before which the whole list makes way
   */
  #takeOver(fresh) {
    const all = merged(this.#rows, fresh)
    this.#rows = kept(all)
    const isKept = new Set(this.#rows)
    const isBurst = fresh.length > ROWS_AT_ONCE
    for (const row of all) if (isBurst || !isKept.has(row)) takeOut(row)
    if (isBurst) return 0
    const last = this.#rows.findLastIndex(({ element }) => element !== null)
    let below = null
    for (const row of this.#rows.slice(0, last + 1).reverse()) {
      if (row.element === null) this.#list.insertBefore(this.#elementOf(row), below)
      below = row.element
    }
    return fresh.length
  }

  /** Some of what is not in the list yet; all of it is older than what is there. */
  #append(count) {
    const start = this.#rows.findIndex(({ element }) => element === null)
    if (start < 0) return
    this.#list.append(...this.#rows.slice(start, start + count).map((row) => this.#elementOf(row)))
  }

  #elementOf(row) {
    row.element = row.make()
    row.element.hidden = !this.#filter.shows(row)
    return row.element
  }

  #applyFilter() {
    for (const row of this.#rows) if (row.element) row.element.hidden = !this.#filter.shows(row)
    this.#tell()
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
    const summaries = [...this.#list.querySelectorAll('li:not([hidden]) summary')]
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
    const shown = this.#rows.filter((row) => this.#filter.shows(row)).length
    const filtered = this.#filter.isOn ? `${shown} of ${this.#rows.length} rows` : ''
    if (this.#filtered.textContent !== filtered) this.#filtered.textContent = filtered
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

/**
 * The newest first. What comes live is the newest. What was published before, of several channels one after the other,
 * goes to its place by time; and above what has the same, for of one channel it comes in order.
 */
function merged(rows, fresh) {
  const all = [...rows]
  for (const row of fresh) {
    const older = row.isLate ? all.findIndex(({ at }) => at <= row.at) : 0
    all.splice(older < 0 ? all.length : older, 0, row)
  }
  return all
}

function takeOut(row) {
  row.element?.remove()
  row.element = null
}
