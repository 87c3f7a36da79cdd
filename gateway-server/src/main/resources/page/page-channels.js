/** The channels that are shown: their chips, the form that adds one, and their subscriptions. */
import { inWordsOfChannel } from './page-state.js'
import { MAX_CHANNELS, isName } from './page-wanted.js'

/** What was just published shows at once, on a page that has only been opened. */
const REWIND = 10

export class Channels {
  #shown = new Map() // name → { handle, chip, joined }
  #client = null
  #news
  #onMessage
  #onChange
  #list = document.querySelector('#channels')
  #field = document.querySelector('#channel')
  #problem = document.querySelector('#channel-problem')

  /**
   * @param onMessage is given each message, and where its channel stood when it was subscribed
   * @param onChange is given the names when they have changed
   */
  constructor(news, onMessage, onChange) {
    this.#news = news
    this.#onMessage = onMessage
    this.#onChange = onChange
    document.querySelector('#channel-form').addEventListener('submit', () => this.#addFromForm())
  }

  /** Shows these and no others. What goes with them is told once: there may be hundreds. */
  replace(names) {
    for (const name of [...this.#shown.keys()]) if (!names.includes(name)) this.#remove(name)
    for (const name of names) if (!this.#shown.has(name)) this.#add(name)
    this.#changed()
  }

  get size() {
    return this.#shown.size
  }

  subscribeAll(client) {
    this.#client = client
    for (const name of this.#shown.keys()) this.#subscribe(name)
  }

  /** The connection is away, and will come back. */
  wait() {
    for (const { chip } of this.#shown.values()) mark(chip, 'waiting')
  }

  /** There is no connection any more. */
  stop() {
    this.#client = null
    this.wait()
  }

  #addFromForm() {
    const name = this.#field.value.trim()
    const problem =
      name === '' ? 'Which channel?'
      : this.#shown.has(name) ? 'This channel is here already.'
      : !isName(name) ? 'A name is 1 to 200 characters of A–Z a–z 0–9 _ - = @ , . ; :'
      : this.#shown.size >= MAX_CHANNELS ? `There are ${MAX_CHANNELS} here, and one connection takes no more.`
      : ''
    this.#problem.textContent = problem
    this.#field.setAttribute('aria-invalid', String(problem !== ''))
    if (problem) return this.#field.focus()
    this.#field.value = ''
    this.#add(name)
    this.#changed()
  }

  #add(name) {
    this.#shown.set(name, { handle: null, chip: this.#chipOf(name), joined: null })
    if (this.#client) this.#subscribe(name)
  }

  #remove(name) {
    const { handle, chip } = this.#shown.get(name)
    this.#shown.delete(name)
    handle?.unsubscribe()
    chip.remove()
  }

  #changed() {
    this.#onChange([...this.#shown.keys()])
  }

  #chipOf(name) {
    const chip = document.createElement('li')
    chip.dataset.channel = name
    chip.dataset.state = 'waiting'
    const label = document.createElement('span')
    label.textContent = name
    const reason = document.createElement('small')
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = '×'
    button.setAttribute('aria-label', `Remove ${name}`)
    button.addEventListener('click', () => {
      this.#remove(name)
      this.#changed()
      this.#field.focus()
    })
    chip.append(label, button, reason)
    this.#list.append(chip)
    return chip
  }

  #subscribe(name) {
    const client = this.#client
    const channel = this.#shown.get(name)
    /** Something that is told of this channel, unless it or its connection is not shown any more. */
    const told = (then) => (...args) => {
      if (this.#client === client && this.#shown.get(name) === channel) then(...args)
    }
    channel.handle = client.subscribe(name, {
      rewind: REWIND,
      onMessage: told((message) => this.#onMessage(message, channel.joined)),
      onSubscribed: told((position) => {
        channel.joined = position
        mark(channel.chip, 'subscribed')
        this.#news.subscribed(name)
      }),
      onRecovered: told((n) => this.#news.recovered(name, n)),
      onGap: told((gap) => this.#news.gap(name, gap)),
      onReset: told(() => (channel.joined.offset > 0 ? this.#news.reset(name) : this.#news.anew(name))),
      onError: told((error) => {
        const reason = inWordsOfChannel(error)
        mark(channel.chip, 'refused', reason)
        this.#news.error(name, reason)
      }),
      onUnsubscribed: told(() => {
        this.#news.ended(name)
        this.#remove(name)
        this.#changed()
      }),
    })
  }
}

/** @param reason why it is refused, where everybody looks: at the chip */
function mark(chip, state, reason = '') {
  chip.dataset.state = state
  chip.querySelector('small').textContent = reason
}
