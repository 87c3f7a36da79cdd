/** The state of the connection: in words, and counted down where that disturbs no screen reader. */

const SENTENCES = {
  INVALID_TOKEN: 'The gateway does not know this key, or it has expired or was revoked.',
  UNAUTHORIZED: 'The gateway needs a key.',
  CHANNEL_NOT_FOUND: 'This channel is not declared, and here it must be.',
  TIMEOUT: 'The gateway did not answer in time.',
  QUOTA_EXCEEDED: 'There is no room for more.',
  RATE_LIMITED: 'That was too much at once.',
}

/** A sentence for people, with the code for those who look it up. */
export function inWords({ code, message }) {
  const isSilence = code === 'CONNECTION_FAILED' && /^Closed with 1/.test(message) // no reason was given
  const sentence = isSilence ? 'The gateway does not answer.' : SENTENCES[code]
  return `${sentence ?? message.replace(/\.?$/, '.')} (${code})`
}

export class ConnectionState {
  #box = document.querySelector('#state')
  #text = document.querySelector('#state-text')
  #countdown = document.querySelector('#countdown')
  #problem = document.querySelector('#problem')
  #wasConnected = false
  #timer = null

  /** A new connection, or none. */
  reset() {
    this.#wasConnected = false
    this.#show('idle', 'Not connected')
    this.problem('')
  }

  /** As the client tells it. While it tries to come back the words stay: else each try would be read out. */
  show(state, { error, retryInMs } = {}) {
    switch (state) {
      case 'connecting':
        if (this.#box.dataset.state === 'waiting') this.#count('trying …')
        else this.#show('connecting', 'Connecting …')
        return
      case 'connected':
        this.#wasConnected = true
        this.#show('connected', 'Connected')
        return this.problem('')
      case 'error':
        this.#show('error', 'Refused')
        return this.problem(inWords(error))
      default:
        if (retryInMs === undefined) {
          this.#show('idle', 'Not connected')
        } else {
          const words = this.#wasConnected ? 'Connection lost, coming back' : 'Not connected, trying again'
          this.#show('waiting', words)
          this.#countDown(Date.now() + retryInMs)
        }
        if (error && error.code !== 'DISCONNECTED') this.problem(inWords(error))
    }
  }

  /** @param text empty when there is none */
  problem(text) {
    if (this.#problem.textContent !== text) this.#problem.textContent = text
    this.#problem.hidden = text === ''
  }

  #show(state, text) {
    this.#count('')
    this.#box.dataset.state = state
    if (this.#text.textContent !== text) this.#text.textContent = text
  }

  #count(text) {
    clearInterval(this.#timer)
    this.#countdown.textContent = text
  }

  #countDown(until) {
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000))
      this.#countdown.textContent = `next try in ${seconds} s`
    }
    tick()
    this.#timer = setInterval(tick, 200)
  }
}
