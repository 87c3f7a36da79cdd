/** Which rows are shown: those of one channel, or of events that are called so. */

/** Names of events that are offered. What is typed may be any. */
const MAX_EVENTS = 50

export class Filter {
  #channel = document.querySelector('#filter-channel')
  #event = document.querySelector('#filter-event')
  #known = document.querySelector('#known-events')
  #events = new Set()

  /** @param onChange is called when other rows are to be shown */
  constructor(onChange) {
    this.#channel.addEventListener('change', onChange)
    this.#event.addEventListener('input', onChange)
  }

  get isOn() {
    return this.#channel.value !== '' || this.#eventName !== ''
  }

  /** Of notices the channel alone counts: what befell it is no event of somebody. */
  shows({ sort, channel, event }) {
    const isOfChannel = this.#channel.value === '' || channel === '' || channel === this.#channel.value
    return isOfChannel && (sort === 'notice' || event.toLowerCase().includes(this.#eventName))
  }

  /** The channels that can be chosen. One that is not there any more is not chosen any more. */
  offerChannels(names) {
    const { value } = this.#channel
    const options = names.map((name) => new Option(name, name, false, name === value))
    this.#channel.replaceChildren(new Option('All channels', ''), ...options)
    if (this.#channel.value !== value) this.#channel.dispatchEvent(new Event('change'))
  }

  offerEvent(name) {
    if (this.#events.has(name) || this.#events.size >= MAX_EVENTS) return
    this.#events.add(name)
    this.#known.append(new Option(name, name))
  }

  get #eventName() {
    return this.#event.value.trim().toLowerCase()
  }
}
