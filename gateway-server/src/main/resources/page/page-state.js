/** The state of the connection: in words, and counted down where that disturbs no screen reader. */

const SENTENCES = {
  INVALID_TOKEN: 'The gateway does not know this key, or it has expired or was revoked.',
  UNAUTHORIZED: 'The gateway needs a key.',
  CHANNEL_NOT_FOUND: 'This channel is not declared, and here it must be.',
  TIMEOUT: 'The gateway did not answer in time.',
  QUOTA_EXCEEDED: 'There is no room for more.',
  RATE_LIMITED: 'That was too much at once.',
  STORE_UNAVAILABLE: 'The database is away. It is tried again.',
  RELAY_UNAVAILABLE: 'The relay is away. It is tried again.',
  PROTOCOL_ERROR: 'What answers there is no gateway, or a broken one.',
}

/** Of the codes with which a connection is closed, those whose reason is written for programs. */
const CLOSES = {
  1011: 'Something went wrong in the gateway.',
  4100: 'There are as many connections as the gateway allows.',
  4101: 'This page did not take its messages fast enough.',
  4102: 'That was too much at once.',
  4200: 'The gateway is being stopped or restarted.',
  4201: 'Nothing was heard for too long.',
}

/**
 * A sentence for people.
 *
 * @param close the code of the close that ended the connection, if one did
 */
export function inWords({ code, message }, close) {
  const isSilence = code === 'CONNECTION_FAILED' && /^Closed with \d/.test(message) // no reason was given
  const sentence = CLOSES[close] ?? (isSilence ? 'The gateway does not answer.' : SENTENCES[code])
  return sentence ?? message.replace(/[.!?]?$/, '.')
}

/** The same of one channel's subscription. */
export function inWordsOfChannel(error) {
  if (error.code !== 'FORBIDDEN') return inWords(error)
  return 'This channel is private: a token that names it may listen here, or a secret key.'
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
  show(state, { error, code, retryInMs } = {}) {
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
        return this.problem(inWords(error, code))
      default:
        if (retryInMs === undefined) {
          this.#show('idle', 'Not connected')
        } else {
          const words = this.#wasConnected ? 'Connection lost, coming back' : 'Not connected, trying again'
          this.#show('waiting', words)
          this.#countDown(Date.now() + retryInMs)
        }
        if (error && error.code !== 'DISCONNECTED') this.problem(inWords(error, code))
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
