// Pushgate's client for browsers, workers, Node 22, Deno and Bun. One file, no dependencies, no build step.
//
// How to read it: `Pushgate` is what an app holds. It opens one `Link` after the other and decides, when one ends,
// whether and when to open the next. A `Link` is one WebSocket from its opening to its end. A `Channel` is what the
// app subscribed to, and the position it has come to. Positions outlive links: on each new link every channel
// subscribes `since` its position, so that nothing is missed and nothing comes twice.
//
// What goes over the wire is described in docs/protocol/websocket.md, what an app may call in pushgate.d.ts.

export const VERSION = '0.1.0'

const DEFAULTS = {
  autoConnect: false,
  autoReconnect: true,
  maxReconnectAttempts: 0, // for ever
  reconnectDelay: 1_000,
  maxReconnectDelay: 10_000,
  connectionTimeout: 10_000,
  requestTimeout: 10_000,
  heartbeatInterval: 25_000,
  debug: false,
}

/** How long a pong may take; and when something says that the network or the page was away. */
const PONG_MS = 10_000
const PONG_AFTER_WAKE_UP_MS = 5_000

/** A connection that ends sooner leaves the back-off as it is: else a server that is not well is stormed. */
const STEADY_MS = 5_000

/** So soon after a loss connect() leaves it to the timer that runs: else it were a way around the back-off. */
const CALM_MS = 1_000

/** A publish waits while so many have no answer: the server would take no more either. */
const UNANSWERED_PUBLISHES = 16

/** So many publishes may go at once and so many a second: fewer than the frames that the server takes (500, 100). */
const PUBLISH_BURST = 200
const PUBLISHES_PER_SECOND = 90

/** When the server says all the same that frames come too fast: a pause, and so much slower from then on. */
const TOO_FAST_PAUSE_MS = 2_000
const TOO_FAST_FACTOR = 4

/** The longest time that a timer of the platform knows. Beyond, it fires at once. */
const TIMER_MAX_MS = 2 ** 31 - 1

/** A younger attempt is not worth beginning again when the network comes back. */
const YOUNG_MS = 1_000

/** When to look at the connection at once. All reach the window, in its capturing phase. */
const WAKE_UPS = ['online', 'offline', 'pageshow', 'visibilitychange', 'resume']

/** What may go well when it is tried again as it is. */
const RETRYABLE = [
  'RATE_LIMITED', // these five the server says
  'QUOTA_EXCEEDED',
  'RELAY_UNAVAILABLE',
  'STORE_UNAVAILABLE',
  'SERVER_ERROR',
  'TIMEOUT',
  'CONNECTION_FAILED',
]

/** Codes of a close that a new token can heal: bad token, token at its end. */
const TOKEN_CLOSES = [4001, 4010]

const TOO_LARGE_CLOSE = 1009
const TOO_LARGE = 'PAYLOAD_TOO_LARGE'

// The close codes have a grammar: what to do stands in the range.
const isFinal = (code) => code >= 4000 && code < 4100
const isAtOnce = (code) => code >= 4200 && code < 4300

/** What went wrong: `code` is the server's or one of this client, `retryable` whether trying again may help. */
export class PushgateError extends Error {
  name = 'PushgateError'
  constructor(message, code, cause) {
    super(message, { cause })
    this.code = code
    this.retryable = RETRYABLE.includes(code)
  }
}

/** The key or token is missing or no good. A `getToken` that throws one ends the coming back. */
export class AuthenticationError extends PushgateError {
  name = 'AuthenticationError'
  constructor(message, code = 'UNAUTHORIZED', cause) {
    super(message, code, cause)
  }
}

/** There is no connection, or it was refused. */
export class ConnectionError extends PushgateError {
  name = 'ConnectionError'
}

/** A connection to a Pushgate that comes back by itself, and its subscriptions, which miss nothing meanwhile. */
export class Pushgate {
  #options
  #endpoint
  #listeners = new Map() // event → functions
  #events = [] // that wait until the one before was told to all
  #channels = new Map() // name → Channel
  #requests = new Map() // ref → what waits for an answer
  #lastRef = 0
  #answeredAt = 0 // when the server last answered a request
  #token = null // the key, or the token that was given last
  #state = 'disconnected'
  #info = null
  #connecting = null // the promise that connect() gave
  #link = null
  #retry = null // the timer of the next attempt
  #attempts = 0 // since the last steady connection
  #endedAt = 0
  #tokenRenewed = false // a new token was fetched because the last one was refused

  constructor(options) {
    this.#options = { ...DEFAULTS, WebSocket: globalThis.WebSocket, ...Object.fromEntries(given(options)) }
    this.#options.key ??= this.#options.publishKey
    if (!this.#options.key && !this.#options.getToken) {
      throw new AuthenticationError('A key (or getToken) is required', 'MISSING_PUBLISH_KEY')
    }
    for (const [name, value] of Object.entries(DEFAULTS)) {
      const given = this.#options[name]
      if (typeof value === 'number' && !(typeof given === 'number' && given >= 0)) {
        throw new PushgateError(`${name} must be a number, 0 or more`, 'INVALID_OPTION')
      }
    }
    this.#endpoint = endpointOf(this.#options.url ?? this.#options.baseUrl)
    if (this.#options.autoConnect) queueMicrotask(() => this.connect()) // the app has yet to listen
  }

  get connectionState() {
    return this.#state
  }

  get clientId() {
    return this.#info?.clientId ?? null
  }

  // Connection

  /** Connects, and comes back until disconnect(). The promise is rejected only when there is no hope left. */
  connect() {
    if (this.#state === 'connected') return Promise.resolve(this.#info)
    this.#connecting ??= deferred()
    const { promise } = this.#connecting
    const comesBackSoon = this.#retry && performance.now() - this.#endedAt < CALM_MS
    if (!this.#link && !comesBackSoon) this.#open()
    return promise
  }

  /** Ends the connection. Subscriptions and their positions stay: connect() goes on from there. */
  disconnect() {
    if (this.#state === 'disconnected' && !this.#retry) return
    const wasUp = this.#link?.isUp
    const reason = 'Disconnected by client'
    this.#link?.abandon()
    this.#giveUp('disconnected', new ConnectionError(reason, 'DISCONNECTED'), { reason })
    if (wasUp) this.#emit('disconnected', reason, { reason })
  }

  /** Ends everything, subscriptions and listeners too. */
  destroy() {
    this.#listeners.clear()
    this.disconnect()
    this.getSubscribedChannels().forEach((name) => this.unsubscribe(name))
  }

  async #open() {
    clearTimer(this.#retry)
    this.#retry = null
    const { WebSocket } = this.#options
    if (!WebSocket) {
      const error = new ConnectionError('There is no WebSocket: give one in the options', 'NO_WEBSOCKET')
      return this.#giveUp('error', error)
    }
    for (const type of WAKE_UPS) globalThis.addEventListener?.(type, this.#wake, true)
    const link = new Link(this.#options, {
      onFrame: (frame) => this.#receive(frame),
      onEnd: (...how) => this.#ended(link, ...how),
    })
    this.#link = link
    this.#setState('connecting')
    let failed = 'getToken failed'
    try {
      const token = await this.#newToken()
      failed = 'The WebSocket does not open'
      link.open(`${this.#endpoint}?token=${encodeURIComponent(token)}`)
    } catch (cause) {
      const message = `${failed}: ${cause?.message ?? cause}`
      const error = isAuthentication(cause) ? cause : new ConnectionError(message, 'CONNECTION_FAILED', cause)
      link.end(undefined, error.message, error)
    }
  }

  /** The key, or what getToken gives. What is no token will be none the next time: that is final. */
  async #newToken() {
    const { getToken, key } = this.#options
    if (!getToken) return (this.#token = key)
    const given = await getToken()
    const token = given?.token ?? given
    const isToken = typeof token === 'string' && /^\s*[\w.~+/=-]+\s*$/.test(token)
    if (!isToken) throw new AuthenticationError('getToken must return a string: the token', 'MISSING_TOKEN')
    return (this.#token = token.trim())
  }

  #connected({ clientId, connectionId, timestamp }) {
    const link = this.#link
    if (link.isUp) return
    this.#info = { clientId, connectionId, timestamp }
    this.#tokenRenewed = false
    link.up()
    for (const channel of this.#channels.values()) this.#subscribe(channel)
    this.#sendPublishes() // those of before too: each has an id, so that none counts twice
    const connecting = this.#connecting
    this.#connecting = null
    this.#setState('connected')
    if (this.#link === link) this.#emit('connected', this.#info)
    connecting?.resolve(this.#info)
  }

  /** A link has ended by itself: the close code says whether to come back. */
  #ended(link, code, reason, cause) {
    const { autoReconnect, maxReconnectAttempts, getToken } = this.#options
    const said = link.lastError
    const error = said?.error ?? cause ?? new ConnectionError(reason || `Closed with ${code}`, 'CONNECTION_FAILED')
    const details = { code, reason, error }
    const canRenew = getToken && autoReconnect && TOKEN_CLOSES.includes(code) && !this.#tokenRenewed
    if (link.upMs() >= STEADY_MS) this.#attempts = 0
    if (code === TOO_LARGE_CLOSE) this.#failLargest(error)
    if ((isFinal(code) && !canRenew) || isAuthentication(cause)) {
      this.#giveUp('error', error, details, { wasEmitted: said?.wasEmitted })
    } else if (!autoReconnect) {
      this.#giveUp('disconnected', error, details)
    } else if (maxReconnectAttempts > 0 && this.#attempts >= maxReconnectAttempts) {
      const gaveUp = new ConnectionError('Gave up coming back', 'MAX_RECONNECT_ATTEMPTS', error)
      this.#giveUp('error', gaveUp, { ...details, error: gaveUp })
    } else {
      this.#tokenRenewed ||= canRenew
      this.#comeBack(canRenew || isAtOnce(code), details)
    }
    if (link.isUp) this.#emit('disconnected', reason || undefined, details)
  }

  #comeBack(atOnce, details) {
    this.#forgetLink()
    details.retryInMs = atOnce && this.#attempts === 0 ? 0 : this.#jitter(this.#attempts)
    this.#attempts++
    this.#endedAt = performance.now()
    this.#retry = timer(details.retryInMs, () => this.#open())
    this.#setState('disconnected', details)
  }

  /** Nothing goes on by itself any more. Whoever waits for something is told why it will not come. */
  #giveUp(state, error, details = { error }, { wasEmitted = false } = {}) {
    this.#forgetLink()
    clearTimer(this.#retry)
    this.#retry = null
    this.#attempts = 0
    this.#tokenRenewed = false
    for (const type of WAKE_UPS) globalThis.removeEventListener?.(type, this.#wake, true)
    for (const ref of [...this.#requests.keys()]) this.#settle(ref).fail(error)
    // After the app's own disconnect() a connect() may follow: who waits for a subscription waits on.
    if (error.code !== 'DISCONNECTED') for (const channel of this.#channels.values()) channel.settleReady(error)
    const connecting = this.#connecting
    this.#connecting = null
    this.#setState(state, details)
    if (state === 'error' && !wasEmitted) this.#emit('error', error)
    connecting?.reject(error)
  }

  /** What belonged to the link ends with it; publishes outlive it. */
  #forgetLink() {
    this.#link = null
    for (const channel of this.#channels.values()) channel.isLive = channel.asked = null
    for (const [ref, request] of [...this.#requests]) {
      if (request.isPublish) request.isSent = false
      else this.#settle(ref)
    }
  }

  /** Full jitter: clients that lost their server in the same moment do not return in the same moment. */
  #jitter(attempts) {
    const { reconnectDelay, maxReconnectDelay } = this.#options
    return Math.round(Math.random() * Math.min(maxReconnectDelay, reconnectDelay * 2 ** Math.min(attempts, 30)))
  }

  /** The network came or went, or the page was hidden, frozen or put aside: timers have slept, links may be dead. */
  #wake = ({ type, persisted }) => {
    if (type === 'visibilitychange' && document.visibilityState !== 'visible') return
    if (type === 'pageshow' && !persisted) return // a page that has just been loaded
    if (this.#link?.isUp) {
      this.#link.ping(PONG_AFTER_WAKE_UP_MS)
    } else if (type !== 'offline' && !(this.#link?.ageMs() < YOUNG_MS)) {
      this.#link?.abandon() // an attempt of before may hang in a network that is gone
      this.#forgetLink()
      this.#attempts = 0
      this.#open()
    }
  }

  /** The token ends soon. The connection goes on under another one, if that comes in time. */
  async #renewToken() {
    const link = this.#link
    if (!this.#options.getToken || link.isRenewing) return
    link.isRenewing = true
    for (let attempts = 0; link.isRenewing && this.#link === link; attempts++) {
      try {
        const token = await this.#newToken()
        if (this.#link !== link) return
        await new Promise((done, fail) => this.#request({ type: 'auth', token }, { done, fail }))
        link.isRenewing = false
      } catch (error) {
        if (error instanceof PushgateError && !error.retryable) return // it ends, and comes back with a new token
        await new Promise((again) => link.later(this.#jitter(attempts), again))
      }
    }
  }

  // Subscriptions

  /** Subscribes, now or when it is connected. All handles of a channel share one subscription. */
  subscribe(name, options) {
    if (typeof name !== 'string' || !name) throw new PushgateError('A channel name is required', 'INVALID_CHANNEL')
    const callbacks = typeof options === 'function' ? { onMessage: options } : (options ?? {})
    if (!this.#channels.has(name)) this.#channels.set(name, new Channel(name))
    const channel = this.#channels.get(name)
    const handle = channel.handleOf(callbacks, () => this.#leave(channel, handle))
    this.#subscribe(channel)
    return handle
  }

  /** Ends all handles of a channel. */
  unsubscribe(name) {
    this.#channels.get(name)?.handles.forEach((held, handle) => handle.unsubscribe())
  }

  getSubscribedChannels() {
    return [...this.#channels.keys()]
  }

  isSubscribed(name) {
    return this.#channels.has(name)
  }

  /** Subscribes a channel that is new or was refused; and again one from whose past a handle wants more. */
  #subscribe(channel) {
    const link = this.#link
    if (!link?.isUp || !channel.wantsMore) return
    if (channel.isLive || channel.asked) this.#unsubscribe(channel) // who is subscribed gets nothing of the past
    const asked = (channel.asked = channel.request())
    this.#request(asked, {
      done: (frame) => {
        if (channel.asked !== asked) return // asked again meanwhile
        channel.asked = null
        if (channel.joined(frame, asked)) return this.#resume(channel)
        if (channel.isRewinding) link.ping(PONG_MS) // its pong says that all of the rewind has come
        this.#subscribe(channel)
      },
      fail: (error) => {
        if (channel.asked !== asked) return
        channel.asked = null
        if (!channel.handles.size) return // the app has left it meanwhile
        if (!error.retryable) channel.settleReady(error)
        channel.complain(error)
        if (channel.isLive) return this.#resume(channel)
        if (!error.retryable) return
        link.later(this.#jitter(channel.refusals++), () => channel.handles.size && this.#subscribe(channel))
      },
      // The server answers when what is behind it is back: until then the request stands.
      overdue: (error) => channel.complain(error),
    })
  }

  /** More of the past cannot be had: goes on from where it was. */
  #resume(channel) {
    channel.giveUpPast()
    this.#unsubscribe(channel)
    this.#subscribe(channel)
  }

  /** With a ref, so that the answer is not taken for news about a channel that is subscribed again. */
  #unsubscribe({ name }) {
    const frame = { type: 'unsubscribe', channel: name, ref: this.#nextRef() }
    if (this.#link?.isUp) this.#link.send(JSON.stringify(frame))
  }

  #leave(channel, handle) {
    const held = channel.handles.get(handle)
    if (!channel.handles.delete(handle)) return
    held.settleReady(new PushgateError('Unsubscribed', 'UNSUBSCRIBED'))
    if (!channel.handles.size && this.#channels.get(channel.name) === channel) {
      this.#channels.delete(channel.name)
      this.#unsubscribe(channel)
    }
    tell(held.callbacks, 'onUnsubscribed')
  }

  /** The server has taken us out: the channel was deleted, may not be read any more, or an operator said so. */
  #takenOut(channel) {
    this.#channels.delete(channel.name) // first: who subscribes again in its handler begins anew
    const all = [...channel.handles.values()]
    channel.settleReady(new PushgateError('Unsubscribed by the server', 'UNSUBSCRIBED'))
    channel.handles.clear()
    for (const { callbacks } of all) tell(callbacks, 'onUnsubscribed')
  }

  // Publishing

  /**
   * Publishes with the token's or secret key's rights; the promise gives the message's position. What has no answer
   * when the connection ends is sent again on the next one, under the same id: the server takes it once. Publishes
   * wait for each other, so that many at once are not too many for the server.
   */
  publish(channel, data, options) {
    const { eventType, id = randomId() } = typeof options === 'string' ? { eventType: options } : (options ?? {})
    return new Promise((resolve, fail) => {
      const done = ({ messageId, epoch, offset }) => resolve({ id: messageId, channel, epoch, offset })
      this.#request({ type: 'publish', channel, data, eventType, id }, { done, fail, isPublish: true })
    })
  }

  /** Sends what waits, the oldest first: as many as may be without an answer, and as fast as the server takes them. */
  #sendPublishes() {
    const link = this.#link
    let unanswered = 0
    for (const request of this.#requests.values()) {
      if (!link?.isUp || unanswered >= UNANSWERED_PUBLISHES) return
      if (!request.isPublish) continue
      unanswered++
      if (request.isSent) continue
      const waitMs = link.paceMs()
      if (waitMs > 0) return link.resumeIn(waitMs, () => this.#sendPublishes())
      request.isSent = true
      request.since ??= performance.now()
      link.send(request.text)
    }
  }

  // What can be asked without a connection

  /** A page of a declared channel's messages, the newest first. */
  async history(channel, query) {
    const { items, pagination } = await this.#get(channel, `messages?${new URLSearchParams(given(query))}`)
    const messages = items.map(({ id, eventType, clientId, content, timestamp, offset, epoch }) => {
      return { id, channel, eventType, clientId, content, data: content, timestamp, offset, epoch }
    })
    return { messages, pagination }
  }

  /** Who is present in a channel. */
  presence(channel) {
    return this.#get(channel, 'presence')
  }

  /** A token that the gateway refuses is asked for anew, once: it may have ended. */
  async #get(channel, what, isSecond = false) {
    const isNew = isSecond || !this.#token
    const token = isNew ? await this.#newToken() : this.#token
    const url = this.#endpoint.replace(/^ws/, 'http').replace(/ws$/, `api/v1/channels/${encodeURIComponent(channel)}/`)
    const abort = new AbortController()
    const deadline = timer(this.#options.requestTimeout || Infinity, () => abort.abort())
    let answer
    try {
      const headers = { Authorization: `Bearer ${token}` }
      answer = await (await fetch(url + what, { headers, signal: abort.signal })).json()
    } catch (cause) {
      if (abort.signal.aborted) throw new PushgateError('No answer in time', 'TIMEOUT', cause)
      throw new ConnectionError(`No answer: ${cause.message}`, 'CONNECTION_FAILED', cause)
    } finally {
      clearTimer(deadline)
    }
    if (answer?.success) return answer.data
    const error = refusal(answer ?? {})
    if (isAuthentication(error) && !isNew && this.#options.getToken) return this.#get(channel, what, true)
    throw error
  }

  // Requests in general

  #nextRef() {
    return String(++this.#lastRef)
  }

  /**
   * Sends a request as soon as it is connected, and calls `done` or `fail` once. Without an answer in time it has
   * failed; or, with `overdue`, that is told and it goes on waiting. A publish is sent again on the next link, and the
   * time in which it waits for those before it does not count.
   */
  #request(frame, { done, fail, overdue, isPublish }) {
    if (!this.#link && !this.#retry) {
      return fail(new ConnectionError('Not connected: call connect() first', 'DISCONNECTED'))
    }
    const ref = this.#nextRef()
    const text = JSON.stringify({ ...frame, ref })
    const requestTimeout = this.#options.requestTimeout || Infinity
    const waitsItsTurn = isPublish && this.#link?.isUp
    const since = waitsItsTurn ? null : performance.now()
    const request = { text, done, fail, isPublish, isSent: !isPublish, since }
    const tooLate = () => {
      const moreMs = (request.since ?? this.#answeredAt) + requestTimeout - performance.now()
      if (moreMs > 0) return (request.timer = timer(moreMs, tooLate))
      const error = new PushgateError(`No answer to ${frame.type} in time`, 'TIMEOUT')
      overdue ? overdue(error) : this.#settle(ref).fail(error)
    }
    request.timer = timer(requestTimeout, tooLate)
    this.#requests.set(ref, request)
    if (isPublish) this.#sendPublishes()
    else if (this.#link?.isUp) this.#link.send(text)
  }

  /** Gives the request that an answer is for, if there is one. It waits no longer. */
  #settle(ref) {
    const request = this.#requests.get(ref)
    this.#requests.delete(ref)
    clearTimer(request?.timer)
    if (request?.isPublish) this.#sendPublishes()
    return request
  }

  /** A frame was over the server's limit: sent again, it would be so again. Gives its ref, if there is one. */
  #failLargest(cause) {
    let largest
    let most = 0
    for (const [ref, { text, isSent }] of this.#requests) {
      const { size } = new Blob([text])
      if (isSent && size > most) [largest, most] = [ref, size]
    }
    this.#settle(largest)?.fail(new PushgateError('The message is too large', TOO_LARGE, cause))
    return largest
  }

  // What the server says

  #receive(frame) {
    const isAnswer = frame.ref !== undefined
    if (isAnswer) this.#answeredAt = performance.now()
    const request = isAnswer ? this.#settle(frame.ref) : undefined
    const channel = this.#channels.get(frame.channel)
    if (frame.type === 'error') return this.#refused(frame, isAnswer, request, channel)
    this.#link.lastError = null // what was said before did not end the connection
    if (isAnswer) return request?.done(frame)
    switch (frame.type) {
      case 'message':
        return channel?.message(frame, (message) => this.#emit('message', message))
      case 'gap':
        return channel?.gap(frame)
      case 'subscribed': // the stream began anew
        return channel?.joined(frame)
      case 'unsubscribed':
        return channel && this.#takenOut(channel)
      case 'connected':
        return this.#connected(frame)
      case 'pong':
        return this.#channels.forEach((known) => known.settleRewind())
      case 'token_expiring':
        return this.#renewToken()
    } // what we do not know is passed over
  }

  #refused(frame, isAnswer, request, channel) {
    const error = refusal(frame)
    if (isAnswer) return request?.fail(error)
    if (channel) return channel.complain(error)
    if (error.code === 'RATE_LIMITED') this.#link.slowDown()
    if (error.code === TOO_LARGE && this.#failLargest(error)) return // too large to read its ref
    // About the connection: kept, for it is the reason if a close follows, and then the close code says what to make
    // of it. A bad token may be healed by a new one, so it is not said before.
    const wasEmitted = this.#link.isUp && !isAuthentication(error)
    this.#link.lastError = { error, wasEmitted }
    if (wasEmitted) this.#emit('error', error)
  }

  // Events

  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Map())
    this.#listeners.get(event).set(listener, listener)
    return this
  }

  once(event, listener) {
    this.on(event, listener)
    this.#listeners.get(event).set(listener, (...args) => {
      this.off(event, listener)
      listener(...args)
    })
    return this
  }

  off(event, listener) {
    this.#listeners.get(event)?.delete(listener)
    return this
  }

  removeAllListeners(event) {
    event === undefined ? this.#listeners.clear() : this.#listeners.delete(event)
    return this
  }

  /** The same as on('stateChange'); gives the function that takes it back. */
  onConnectionChange(listener) {
    this.on('stateChange', listener)
    return () => this.off('stateChange', listener)
  }

  #setState(state, details = {}) {
    this.#state = state
    this.#emit('stateChange', state, details)
  }

  /** One event after the other, also when a listener brings about the next. */
  #emit(...event) {
    if (this.#events.push(event) > 1) return
    for (; this.#events.length > 0; this.#events.shift()) {
      const [name, ...args] = this.#events[0]
      const listeners = [...(this.#listeners.get(name)?.values() ?? [])]
      for (const listener of listeners) call(name, () => listener(...args))
    }
  }
}

// PushFlo's names: moving to Pushgate changes an import and a URL (docs/migrate.md).
export { Pushgate as PushFloClient, PushgateError as PushFloError }

/** A channel that the app subscribed to, and the position it has come to. */
class Channel {
  handles = new Map() // handle → { callbacks, bound, late, settleReady, rewind, upTo: the offset it has come to }
  asked = null // the subscribe that waits for its answer
  isLive = false // subscribed on the present link
  refusals = 0
  epoch = null
  offset = null // all up to this one is settled: handed over, or told as a gap, or before our time; null at first
  #rewindTo = 0 // a rewind brings what the log still has up to here: holes below it are no gaps
  #missed = null // after a reconnect: up to where it is recovery, { to: offset, count: messages so far }
  #rewind = 0 // the most that a handle asked for
  #known = 0 // how many the gateway was asked for, and has no more
  #held = [] // the last so many messages: a handle that comes later gets its rewind of them

  constructor(name) {
    this.name = name
  }

  /** A new handle. What is here already it is told in a microtask, when the app has it; what comes meanwhile, behind. */
  handleOf(callbacks, unsubscribe) {
    const bound = new Map() // event type → functions
    const ready = deferred()
    const handle = {
      channel: this.name,
      ready: ready.promise,
      unsubscribe,
      on(eventType, listener) {
        if (!bound.has(eventType)) bound.set(eventType, new Set())
        bound.get(eventType).add(listener)
        return handle
      },
      off(eventType, listener) {
        bound.get(eventType)?.delete(listener)
        return handle
      },
    }
    const { rewind = 0 } = callbacks
    const { epoch, offset } = this
    const held = this.#held.slice(-rewind || Infinity)
    const isEnough = offset === null || rewind <= Math.max(held.length, this.#known)
    const late = isEnough ? held.map((message) => ['onMessage', message]) : []
    const upTo = isEnough ? (held.at(-1)?.offset ?? offset) : Infinity // that is: what it asks for is yet to come
    if (this.isLive) late.unshift(['onSubscribed', { epoch, offset }])
    this.#rewind = Math.max(this.#rewind, rewind)
    const settleReady = (error, position) => (error ? ready.reject(error) : ready.resolve(position))
    const record = { callbacks, bound, late, settleReady, rewind, upTo }
    this.handles.set(handle, record)
    queueMicrotask(() => {
      record.late = null
      for (const what of late) if (this.handles.has(handle)) this.#hand(record, ...what)
    })
    return handle
  }

  /** Whether to ask: for the first time, or again for a longer past. */
  get wantsMore() {
    if (this.asked) return this.offset === null && this.#rewind > (this.asked.rewind ?? 0)
    return !this.isLive || [...this.handles.values()].some(({ upTo }) => upTo === Infinity)
  }

  giveUpPast() {
    this.isLive = false
    this.#known = this.#rewind
    for (const held of this.handles.values()) held.upTo = Math.min(held.upTo, this.offset)
  }

  /** What to ask for, so that nothing is missed. */
  request() {
    const { name, epoch, offset } = this
    const rewind = this.#rewind
    const from = offset !== null && !this.isLive ? { since: { epoch, offset } } : rewind ? { rewind } : {}
    return { type: 'subscribe', channel: name, ...from }
  }

  /**
   * The server's answer to what was asked; or by itself, when the stream began anew. True when the past that it brings
   * does not reach back to where we are: so much was published while we were not subscribed.
   */
  joined({ epoch, offset = null, recovered }, { rewind = 0 } = {}) {
    const isAgain = rewind && this.isLive && epoch === this.epoch
    if (isAgain) {
      this.offset = Math.max(this.offset, this.#rewindTo) // an earlier rewind has come before this answer
      if (offset - this.offset > rewind) return true
    } else if (recovered) {
      this.#rewindTo = 0
      this.#missed = { to: offset, count: this.#missed?.count ?? 0 }
    } else {
      if (this.isLive) recovered = false
      this.epoch = epoch
      this.offset = rewind ? Math.max(0, offset - rewind) : offset
      this.#rewindTo = offset ?? 0
      this.#missed = null
    }
    this.isLive = true
    this.refusals = 0
    if (!recovered) {
      this.#held = []
      this.#known = rewind
      for (const held of this.handles.values()) {
        if (!isAgain || (held.upTo === Infinity && held.rewind <= rewind)) held.upTo = offset - held.rewind
      }
    }
    if (isAgain) return
    this.tell('onSubscribed', { epoch, offset, recovered })
    if (recovered === false) this.tell('onReset')
    this.#noteWhole()
  }

  /** Whether there may be more to come of a rewind. */
  get isRewinding() {
    return this.isLive && this.offset < this.#rewindTo
  }

  /** The gateway writes an answer and its rewind in one piece: the pong to a ping of later is behind all of it. */
  settleRewind() {
    if (this.isRewinding) this.offset = this.#rewindTo
  }

  /** Hands a message over, to the handles that have not had it and then, when it is new, to the client. */
  message({ messageId, channel, eventType, clientId, data, timestamp, offset }, toClient) {
    if (!this.isLive || !messageId) return
    const isNew = !(offset <= this.offset)
    if (isNew) {
      const next = Math.max(this.offset, this.#rewindTo) + 1
      if (this.offset !== null && offset > next) this.tell('onGap', { from: next, to: offset - 1 })
      this.offset = offset ?? null
      if (this.#missed) this.#missed.count++
    }
    const { epoch } = this
    const message = { id: messageId, channel, eventType, clientId, content: data, data, timestamp, offset, epoch }
    if (!(offset <= this.#held.at(-1)?.offset)) this.#held.push(message)
    if (this.#held.length > this.#rewind) this.#held.shift()
    for (const [handle, held] of [...this.handles]) {
      if (offset <= held.upTo || !this.handles.has(handle)) continue
      held.upTo = offset
      this.#hand(held, 'onMessage', message)
    }
    if (isNew) toClient(message)
    this.#noteWhole()
  }

  /** The server cannot give what is between two offsets, both included. */
  gap({ from, to }) {
    if (!this.isLive || !(to >= from)) return
    this.offset = Math.max(this.offset, to)
    this.tell('onGap', { from, to })
    this.#noteWhole()
  }

  /** Calls one function of every handle. */
  tell(...what) {
    for (const [handle, held] of [...this.handles]) if (this.handles.has(handle)) this.#hand(held, ...what)
  }

  #hand(held, callback, told) {
    const { callbacks, bound, late } = held
    if (late) return late.push([callback, told])
    if (callback === 'onSubscribed') held.settleReady(null, told)
    tell(callbacks, callback, told)
    if (callback !== 'onMessage') return
    for (const listener of [...(bound.get(told.eventType) ?? [])]) call(told.eventType, () => listener(told))
  }

  /** The subscription is in trouble. Whoever has no ear for that shall not wonder where the messages are. */
  complain(error) {
    const isUnheard = [...this.handles.values()].some(({ callbacks }) => !callbacks.onError)
    if (isUnheard) console.warn(`Pushgate: no subscription to ${this.name}: ${error.message} (${error.code})`)
    this.tell('onError', error)
  }

  /** Nobody waits any longer for a subscription that will not come. */
  settleReady(error) {
    for (const held of this.handles.values()) held.settleReady(error)
  }

  #noteWhole() {
    if (this.#missed && this.offset >= this.#missed.to) {
      const { count } = this.#missed
      this.#missed = null
      this.tell('onRecovered', count)
    }
  }
}

/** One WebSocket. Tells its owner of each frame, and once of its end; of nothing after abandon(). */
class Link {
  isUp = false // the server has said that it is connected
  isRenewing = false // of its token
  lastError = null // what the server said against it just now: { error, wasEmitted }
  #options
  #owner
  #socket = null
  #arrived = [] // frames that wait for their task
  #bornAt = performance.now()
  #upAt = 0
  #deadline // of the opening, later of a pong
  #pongWithin = null // how long the pong that is awaited may take
  #heartbeat = null
  #timers = new Set()
  #publishMs = 1000 / PUBLISHES_PER_SECOND
  #nextPublishAt = -Infinity
  #isResuming = false // of the publishes: a timer runs

  constructor(options, owner) {
    this.#options = options
    this.#owner = owner
    const tooLate = () => this.end(undefined, 'Not connected in time')
    this.#deadline = timer(options.connectionTimeout || Infinity, tooLate)
  }

  open(url) {
    if (!this.#owner) return // given up meanwhile
    const socket = new this.#options.WebSocket(url)
    this.#socket = socket
    socket.onmessage = ({ data }) => {
      this.#arrived.push(data)
      if (this.#arrived.length === 1) inNextTask(() => this.#deliver())
    }
    socket.onclose = ({ code, reason }) => this.end(code, reason)
    // Node 22 tells of an opening that failed by this alone. Elsewhere the close with its code is there before.
    socket.onerror = () => setTimeout(() => this.end(1006, ''))
  }

  up() {
    const { heartbeatInterval } = this.#options
    this.isUp = true
    this.#upAt = performance.now()
    clearTimer(this.#deadline)
    const beat = () => {
      this.#heartbeat = timer(heartbeatInterval || Infinity, () => {
        this.ping(PONG_MS)
        beat()
      })
    }
    beat()
  }

  /** How long the next publish has to wait, in ms. When that is nothing, it is counted: a leaky bucket. */
  paceMs() {
    const now = performance.now()
    const waitMs = this.#nextPublishAt - now
    if (waitMs > 0) return waitMs
    this.#nextPublishAt = Math.max(this.#nextPublishAt, now - PUBLISH_BURST * this.#publishMs) + this.#publishMs
    return 0
  }

  resumeIn(waitMs, task) {
    if (this.#isResuming) return
    this.#isResuming = true
    this.later(waitMs, () => {
      this.#isResuming = false
      task()
    })
  }

  /** The server takes fewer frames than was thought, and closes when it goes on like this. */
  slowDown() {
    this.#publishMs *= TOO_FAST_FACTOR
    this.#nextPublishAt = performance.now() + TOO_FAST_PAUSE_MS
  }

  ageMs() {
    return performance.now() - this.#bornAt
  }

  upMs() {
    return this.isUp ? performance.now() - this.#upAt : 0
  }

  /** Runs a task after a while, unless the link has ended by then. */
  later(delayMs, task) {
    const running = timer(delayMs, () => {
      this.#timers.delete(running)
      task()
    })
    this.#timers.add(running)
  }

  send(text) {
    this.#debug('→', text)
    this.#socket.send(text) // on a socket that is closing it does nothing: its end will be told
  }

  /** Wants a sign of life. A link that gives none in time is dead, whatever its socket believes. */
  ping(withinMs) {
    if (this.#pongWithin && this.#pongWithin <= withinMs) return
    this.#pongWithin = withinMs
    this.send('{"type":"ping"}')
    this.#awaitPong()
  }

  #awaitPong() {
    clearTimer(this.#deadline)
    this.#deadline = timer(this.#pongWithin, () => {
      this.#deliver() // it may be here, and this timer was awake first
      if (this.#pongWithin) this.end(4201, 'No pong in time')
    })
  }

  /** Hands over in one task what came in one turn, so that an app which draws does so once. */
  #deliver() {
    for (const text of this.#arrived.splice(0)) {
      if (!this.#owner) return // a handler ended it: what is left comes again
      this.#debug('←', text)
      let frame
      try {
        frame = JSON.parse(text)
      } catch (cause) {
        const error = new ConnectionError('The server sent what is not JSON', 'PROTOCOL_ERROR', cause)
        return this.end(undefined, error.message, error) // to pass it over might be to lose a message
      }
      if (frame?.type === 'pong') {
        clearTimer(this.#deadline)
        this.#pongWithin = null
      } else if (this.#pongWithin) {
        this.#awaitPong() // something comes: the pong may be far behind it
      }
      if (frame?.type) this.#owner.onFrame(frame)
    }
  }

  end(code, reason, error) {
    this.#deliver() // what came before the end
    const owner = this.#owner
    this.abandon()
    owner?.onEnd(code, reason, error)
  }

  abandon() {
    this.#owner = null
    for (const running of [this.#deadline, this.#heartbeat, ...this.#timers]) clearTimer(running)
    if (this.#socket) {
      this.#socket.onmessage = this.#socket.onclose = null
      this.#socket.close() // nothing on a closed one; a dead one takes its time, and nobody waits for it
    }
  }

  #debug(direction, text) {
    if (this.#options.debug) console.debug('pushgate', direction, String(text).replace(/"token":"[^"]*"/, '"token":"…"'))
  }
}

/** Calls what an app gave. If that throws, it is reported and stops nobody else. */
function call(name, handler) {
  const report = (error) => console.error(`Pushgate: a handler threw (${name})`, error)
  try {
    handler()?.catch?.(report)
  } catch (error) {
    report(error)
  }
}

/** Calls one of the functions that an app gave for a subscription, if it did. */
function tell(callbacks, name, ...args) {
  call(name, () => callbacks[name]?.(...args))
}

/** A timer of any time: of Infinity it never fires. */
function timer(ms, task) {
  const running = {}
  const run = (leftMs) => {
    const next = () => (leftMs > TIMER_MAX_MS ? run(leftMs - TIMER_MAX_MS) : task())
    running.id = setTimeout(next, Math.min(leftMs, TIMER_MAX_MS))
  }
  if (ms < Infinity) run(ms)
  return running
}

function clearTimer(running) {
  clearTimeout(running?.id)
}

/**
 * Not by a timer: browsers slow those down in hidden pages, but not the messages of a port. Made when it is needed:
 * importing this module opens nothing.
 */
let inNextTask = (task) => {
  inNextTask = globalThis.setImmediate ?? portTasks()
  inNextTask(task)
}

function portTasks() {
  const tasks = []
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => tasks.shift()()
  return (task) => {
    tasks.push(task)
    port2.postMessage(null)
  }
}

/** What the server said against something. */
function refusal({ error = 'Refused', code = 'SERVER_ERROR' }) {
  const isAuth = code === 'UNAUTHORIZED' || code === 'INVALID_TOKEN'
  return new (isAuth ? AuthenticationError : PushgateError)(error, code)
}

/** By its name: an app may have this module twice. */
function isAuthentication(error) {
  return error?.name === 'AuthenticationError'
}

function endpointOf(url) {
  let endpoint
  try {
    endpoint = new URL(url)
    endpoint.protocol = endpoint.protocol.replace('http', 'ws')
  } catch {
    // no URL at all: said below
  }
  if (!/^wss?:$/.test(endpoint?.protocol)) {
    throw new PushgateError(`The url must begin with http(s):// or ws(s)://: ${url}`, 'INVALID_URL')
  }
  endpoint.pathname = endpoint.pathname.replace(/(\/ws)?\/*$/, '/ws')
  endpoint.search = endpoint.hash = ''
  return endpoint.href
}

/** What is there of options. */
function given(options) {
  return Object.entries(options ?? {}).filter(([, value]) => value != null)
}

function deferred() {
  const result = {}
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }))
  result.promise.catch(() => {}) // who does not wait for it hears of it by the event
  return result
}

/** Not randomUUID, which plain http pages do not have. */
const randomId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('')
