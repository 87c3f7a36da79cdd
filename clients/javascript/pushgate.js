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
  maxReconnectDelay: 30_000,
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

/** When to look at the connection at once. All reach the window, in its capturing phase. */
const WAKE_UPS = ['online', 'offline', 'pageshow', 'visibilitychange', 'resume']

/** What may go well when it is tried again as it is. */
const RETRYABLE = [
  ...['RATE_LIMITED', 'RELAY_UNAVAILABLE', 'STORE_UNAVAILABLE', 'SERVER_ERROR'], // said by the server
  ...['TIMEOUT', 'CONNECTION_FAILED'],
]

/** Codes of a close that a new token can heal: bad token, token at its end. */
const TOKEN_CLOSES = [4001, 4010]

// The close codes have a grammar: what to do stands in the range.
const isFinal = (code) => code >= 4000 && code < 4100
const isAtOnce = (code) => code >= 4200 && code < 4300

/** What went wrong. `code` is the server's, or one of this client; `retryable` says whether trying again may help. */
export class PushgateError extends Error {
  constructor(message, code, cause) {
    super(message, { cause })
    this.name = 'PushgateError'
    this.code = code
    this.retryable = RETRYABLE.includes(code)
  }
}

/** The key or token is missing or no good. */
export class AuthenticationError extends PushgateError {}

/** There is no connection, or it was refused. */
export class ConnectionError extends PushgateError {}

/** A connection to a Pushgate that comes back by itself, and its subscriptions, which miss nothing meanwhile. */
export class Pushgate {
  #options
  #endpoint
  #listeners = new Map() // event → functions
  #channels = new Map() // name → Channel
  #requests = new Map() // ref → what to do with the answer
  #lastRef = 0
  #state = 'disconnected'
  #info = null
  #connecting = null // the promise that connect() gave
  #link = null
  #retry = null // the timer of the next attempt
  #attempts = 0 // since the last steady connection
  #tokenRenewed = false // a new token was fetched because the last one was refused
  #rewinding = null // the channel whose rewind is coming in

  constructor(options) {
    this.#options = { ...DEFAULTS, WebSocket: globalThis.WebSocket, ...options }
    this.#options.key ??= this.#options.publishKey
    if (!this.#options.key && !this.#options.getToken) {
      throw new AuthenticationError('A key (or getToken) is required', 'MISSING_PUBLISH_KEY')
    }
    this.#endpoint = endpointOf(this.#options.url ?? this.#options.baseUrl)
    if (this.#options.autoConnect) this.connect()
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
    if (!this.#link) this.#open()
    return promise
  }

  /** Ends the connection. Subscriptions and their positions stay: connect() goes on from there. */
  disconnect() {
    if (!this.#link && !this.#retry) return
    const error = new ConnectionError('Disconnected by client', 'DISCONNECTED')
    this.#link?.abandon()
    this.#stop(error)
    this.#setState('disconnected', { reason: error.message })
    this.#emit('disconnected', error.message, { reason: error.message })
  }

  /** Ends everything, subscriptions and listeners too. */
  destroy() {
    this.disconnect()
    this.getSubscribedChannels().forEach((name) => this.unsubscribe(name))
    this.#listeners.clear()
  }

  async #open() {
    clearTimeout(this.#retry)
    this.#retry = null
    const { getToken, key, WebSocket, connectionTimeout, debug } = this.#options
    if (!WebSocket) {
      return this.#fail(new ConnectionError('Give a WebSocket class: this platform has none', 'NO_WEBSOCKET'))
    }
    for (const type of WAKE_UPS) globalThis.addEventListener?.(type, this.#wake, true)
    const link = new Link({
      connectionTimeout,
      debug,
      onFrame: (frame) => this.#receive(frame),
      onEnd: (...how) => this.#ended(link, ...how),
    })
    this.#link = link
    this.#setState('connecting')
    try {
      const token = getToken ? await getToken() : key
      if (!token) throw new AuthenticationError('getToken gave no token', 'MISSING_TOKEN')
      link.open(WebSocket, `${this.#endpoint}?token=${encodeURIComponent(token)}`)
    } catch (error) {
      link.end(undefined, error.message, error)
    }
  }

  #connected({ clientId, connectionId, timestamp }) {
    this.#info = { clientId, connectionId, timestamp }
    this.#tokenRenewed = false
    this.#link.connected(this.#options.heartbeatInterval)
    const unanswered = [...this.#requests.values()] // publishes: each has an id, so that none counts twice
    for (const channel of this.#channels.values()) this.#subscribe(channel)
    for (const { text } of unanswered) this.#link.send(text)
    const connecting = this.#connecting
    this.#connecting = null
    this.#setState('connected')
    this.#emit('connected', this.#info)
    connecting?.resolve(this.#info)
  }

  /** A link has ended by itself. The close code says whether to come back, and when. */
  #ended(link, code, reason, cause) {
    if (link.upMs() >= STEADY_MS) this.#attempts = 0
    const error = link.refusal ?? cause ?? new ConnectionError(reason || `Closed with ${code}`, 'CONNECTION_FAILED')
    const details = { code, reason, error }
    const newToken = TOKEN_CLOSES.includes(code) && this.#options.getToken && !this.#tokenRenewed
    const { autoReconnect, maxReconnectAttempts } = this.#options
    if (isFinal(code) && !newToken) {
      this.#fail(error, details, link.toldRefusal)
    } else if (autoReconnect && maxReconnectAttempts > 0 && this.#attempts >= maxReconnectAttempts) {
      this.#fail(new ConnectionError('Gave up coming back', 'MAX_RECONNECT_ATTEMPTS', error), details)
    } else if (autoReconnect) {
      this.#tokenRenewed ||= newToken
      details.retryInMs = (newToken || isAtOnce(code)) && this.#attempts === 0 ? 0 : this.#jitter(this.#attempts)
      this.#attempts++
      this.#forgetLink()
      this.#retry = setTimeout(() => this.#open(), details.retryInMs)
      this.#setState('disconnected', details)
    } else {
      this.#stop(error)
      this.#setState('disconnected', details)
    }
    if (link.wasConnected) this.#emit('disconnected', reason || undefined, details)
  }

  /** It is of no use to come back: the app has to do something. */
  #fail(error, details = { error }, told = false) {
    this.#stop(error)
    this.#setState('error', { ...details, error })
    if (!told) this.#emit('error', error)
  }

  /** Nothing goes on by itself any more. Whoever waits for an answer is told why there is none. */
  #stop(error) {
    this.#forgetLink()
    clearTimeout(this.#retry)
    this.#retry = null
    this.#attempts = 0
    this.#tokenRenewed = false
    for (const type of WAKE_UPS) globalThis.removeEventListener?.(type, this.#wake, true)
    for (const request of [...this.#requests.values()]) request.fail(error)
    this.#connecting?.reject(error)
    this.#connecting = null
  }

  #forgetLink() {
    this.#link = null
    this.#rewinding = null
    for (const channel of this.#channels.values()) channel.live = false
    for (const request of [...this.#requests.values()]) if (!request.outlivesLink) request.drop()
  }

  /** Full jitter: clients that lost their server in the same moment do not return in the same moment. */
  #jitter(attempts) {
    const { reconnectDelay, maxReconnectDelay } = this.#options
    return Math.random() * Math.min(maxReconnectDelay, reconnectDelay * 2 ** attempts)
  }

  /** The network is back or gone, or the page was hidden, frozen or put aside: timers may have slept, links died. */
  #wake = ({ type }) => {
    if (type === 'visibilitychange' && document.visibilityState !== 'visible') return
    if (this.#link?.wasConnected) {
      this.#link.ping(PONG_AFTER_WAKE_UP_MS)
    } else if (type !== 'offline' && !(this.#link?.ageMs() < 1_000)) {
      this.#link?.abandon() // an attempt of before may hang in a network that is gone
      this.#open()
    }
  }

  async #renewToken() {
    const link = this.#link
    for (let attempts = 0; this.#options.getToken && this.#link === link; attempts++) {
      try {
        const token = await this.#options.getToken()
        if (this.#link !== link) return
        return await new Promise((done, fail) => this.#request({ type: 'auth', token }, { done, fail }))
      } catch (error) {
        if (error instanceof PushgateError && !error.retryable) return this.#emit('error', error)
        await new Promise((later) => setTimeout(later, this.#jitter(attempts)))
      }
    }
  }

  // Subscriptions

  /** Subscribes, now or when it is connected. All handles of a channel share one subscription. */
  subscribe(name, options = {}) {
    if (typeof name !== 'string' || !name) throw new PushgateError('A channel name is required', 'INVALID_CHANNEL')
    const callbacks = typeof options === 'function' ? { onMessage: options } : options
    let channel = this.#channels.get(name)
    const isNew = !channel
    if (isNew) {
      channel = new Channel(name, callbacks.rewind)
      this.#channels.set(name, channel)
    }
    const handle = { channel: name, unsubscribe: () => this.#leave(channel, handle) }
    channel.handles.set(handle, callbacks)
    if (isNew && this.#link?.wasConnected) {
      this.#subscribe(channel)
    } else if (channel.live) {
      const { epoch, offset } = channel
      queueMicrotask(() => channel.handles.has(handle) && call(callbacks, 'onSubscribed', { epoch, offset }))
    }
    return handle
  }

  /** Ends all handles of a channel. */
  unsubscribe(name) {
    const channel = this.#channels.get(name)
    for (const handle of [...(channel?.handles.keys() ?? [])]) this.#leave(channel, handle)
  }

  getSubscribedChannels() {
    return [...this.#channels.keys()]
  }

  isSubscribed(name) {
    return this.#channels.has(name)
  }

  #subscribe(channel) {
    const link = this.#link
    const again = () => {
      if (this.#link === link && this.#channels.get(channel.name) === channel) this.#subscribe(channel)
    }
    this.#request(channel.request(), {
      done: (frame) => {
        this.#rewinding = channel.joined(frame) ? channel : null
      },
      fail: (error) => {
        channel.tell('onError', error)
        if (error.retryable) setTimeout(again, this.#jitter(channel.refusals++))
      },
      // The server answers when what is behind it is back: until then the request stands.
      late: (error) => channel.tell('onError', error),
    })
  }

  #leave(channel, handle) {
    const callbacks = channel.handles.get(handle)
    if (!channel.handles.delete(handle)) return
    if (channel.handles.size === 0 && this.#channels.get(channel.name) === channel) {
      this.#channels.delete(channel.name)
      // With a ref, so that the answer is not taken for news about a channel that is subscribed again.
      const frame = { type: 'unsubscribe', channel: channel.name, ref: `${++this.#lastRef}` }
      if (this.#link?.wasConnected) this.#link.send(JSON.stringify(frame))
    }
    call(callbacks, 'onUnsubscribed')
  }

  // Publishing, and requests in general

  /**
   * Publishes with the token's or secret key's rights. The promise gives the message's position. What is not answered
   * when the connection ends is sent again on the next one, under the same id: the server takes it once.
   */
  publish(channel, data, options) {
    const { eventType, id = randomId() } = typeof options === 'string' ? { eventType: options } : (options ?? {})
    return new Promise((resolve, fail) => {
      const done = ({ messageId, epoch, offset }) => resolve({ id: messageId, channel, epoch, offset })
      this.#request({ type: 'publish', channel, data, eventType, id }, { done, fail, outlivesLink: true })
    })
  }

  /** Sends a request as soon as it is connected. Without an answer in time it has failed, unless there is `late`. */
  #request(frame, { done, fail, late, outlivesLink }) {
    if (!this.#link && !this.#retry) {
      return fail(new ConnectionError('Not connected: call connect() first', 'DISCONNECTED'))
    }
    const ref = `${++this.#lastRef}`
    const text = JSON.stringify({ ...frame, ref })
    const tooLate = () => (late ?? request.fail)(new PushgateError(`No answer to ${frame.type} in time`, 'TIMEOUT'))
    const timer = setTimeout(tooLate, this.#options.requestTimeout)
    const drop = () => {
      clearTimeout(timer)
      this.#requests.delete(ref)
    }
    const settledBy = (how) => (answer) => {
      drop()
      how(answer)
    }
    const request = { text, outlivesLink, drop, done: settledBy(done), fail: settledBy(fail) }
    this.#requests.set(ref, request)
    if (this.#link?.wasConnected) this.#link.send(text)
  }

  // What the server says

  #receive(frame) {
    const request = this.#requests.get(frame.ref)
    const channel = this.#channels.get(frame.channel)
    const isNews = frame.ref === undefined // not an answer
    this.#noteRewind(frame)
    switch (frame.type) {
      case 'connected':
        return this.#connected(frame)
      case 'message':
        return channel?.message(frame, (message) => this.#emit('message', message))
      case 'gap':
        return channel?.gap(frame)
      case 'subscribed':
        if (isNews) channel?.joined(frame) // the stream began anew
        return request?.done(frame)
      case 'unsubscribed':
        if (isNews) this.unsubscribe(frame.channel) // it was deleted, or somebody took us out
        return
      case 'token_expiring':
        return this.#renewToken()
      case 'error':
        return this.#refused(frame, request, channel)
      default: // published, authenticated; what we do not know is passed over
        return request?.done(frame)
    }
  }

  #refused({ error: sentence, code }, request, channel) {
    const isAuth = code === 'UNAUTHORIZED' || code === 'INVALID_TOKEN'
    const error = new (isAuth ? AuthenticationError : PushgateError)(sentence ?? 'Refused', code ?? 'SERVER_ERROR')
    if (request) return request.fail(error)
    if (channel) return channel.tell('onError', error)
    const link = this.#link
    link.refusal = error // of a link that is not connected the close code will say what to make of it
    link.toldRefusal = link.wasConnected
    if (link.wasConnected) this.#emit('error', error)
  }

  /** A rewind comes in one piece: whatever else arrives is behind it. */
  #noteRewind({ type, channel, offset }) {
    const rewinding = this.#rewinding
    if (rewinding && !(type === 'message' && channel === rewinding.name && offset <= rewinding.rewindTo)) {
      rewinding.rewound()
      this.#rewinding = null
    }
  }

  // Events

  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set())
    this.#listeners.get(event).add(listener)
    return this
  }

  off(event, listener) {
    this.#listeners.get(event)?.delete(listener)
    return this
  }

  once(event, listener) {
    const first = (...args) => {
      this.off(event, first)
      listener(...args)
    }
    return this.on(event, first)
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

  #emit(event, ...args) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) call({ listener }, 'listener', ...args)
  }
}

// PushFlo's names: moving to Pushgate changes an import and a URL (docs/migrate.md).
export { Pushgate as PushFloClient, PushgateError as PushFloError }

/** A channel that the app subscribed to, and the position it has come to. */
class Channel {
  handles = new Map() // handle → callbacks
  live = false // subscribed on the present link
  epoch = null
  offset = null // of the newest message that was handed over; null before the first, and when there is none to go by
  rewindTo = 0 // the newest offset that the rewind which is coming in brings
  refusals = 0
  #missed = null // what has to come before it is whole again: { to: offset, count }

  constructor(name, rewind) {
    this.name = name
    this.rewind = rewind
  }

  /** What to ask for, so that nothing is missed. */
  request() {
    const { name, epoch, offset, rewind } = this
    const from = offset !== null ? { since: { epoch, offset } } : rewind ? { rewind } : {}
    return { type: 'subscribe', channel: name, ...from }
  }

  /** The server's answer; or by itself, when the stream began anew. True when a rewind follows. */
  joined({ epoch, offset = null, recovered }) {
    this.live = true
    this.refusals = 0
    this.rewindTo = this.rewind && this.offset === null && recovered === undefined ? offset : 0
    this.#missed = recovered ? { to: offset, count: offset - this.offset } : null
    if (!recovered) {
      this.epoch = epoch
      this.offset = this.rewindTo ? null : offset
    }
    this.tell('onSubscribed', { epoch, offset, recovered })
    if (recovered === false) this.tell('onReset')
    this.#noteWhole()
    return this.live && this.rewindTo > 0
  }

  /** Hands a message over, to its handles and then to the client, unless it was before. */
  message({ messageId, channel, eventType, clientId, data, timestamp, offset }, toClient) {
    if (!this.live || !messageId || offset <= this.offset) return
    const { epoch, offset: last } = this
    if (last !== null && offset > last + 1) this.tell('onGap', { from: last + 1, to: offset - 1 })
    this.offset = offset ?? null
    const message = { id: messageId, channel, eventType, clientId, content: data, data, timestamp, offset, epoch }
    this.tell('onMessage', message)
    toClient(message)
    this.#noteWhole()
  }

  /** The server cannot give what is between two offsets, both included. */
  gap({ from, to }) {
    if (!this.live) return
    this.offset = Math.max(this.offset, to)
    this.tell('onGap', { from, to })
    this.#noteWhole()
  }

  /** All of the rewind has come, which may have been nothing. */
  rewound() {
    this.offset ??= this.rewindTo
    this.rewindTo = 0
  }

  /** Calls one function of every handle. */
  tell(callback, ...args) {
    for (const [handle, callbacks] of [...this.handles]) {
      if (this.handles.has(handle)) call(callbacks, callback, ...args)
    }
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
  wasConnected = false
  refusal = null // what the server said against it
  toldRefusal = false
  #owner
  #socket = null
  #arrived = [] // frames that wait for their task
  #bornAt = Date.now()
  #upAt = null
  #deadline
  #heartbeat = null
  #pongWithin = null // how long a pong that is awaited may take

  constructor(owner) {
    this.#owner = owner
    this.#deadline = setTimeout(() => this.end(undefined, 'Not connected in time'), owner.connectionTimeout)
  }

  open(WebSocket, url) {
    if (!this.#owner) return // given up meanwhile
    this.#socket = new WebSocket(url)
    this.#socket.onmessage = ({ data }) => {
      this.#arrived.push(data)
      if (this.#arrived.length === 1) inNextTask(() => this.#deliver())
    }
    this.#socket.onclose = ({ code, reason }) => this.end(code, reason)
  }

  connected(heartbeatInterval) {
    this.wasConnected = true
    this.#upAt = Date.now()
    clearTimeout(this.#deadline)
    this.#heartbeat = setInterval(() => this.ping(PONG_MS), heartbeatInterval)
  }

  ageMs() {
    return Date.now() - this.#bornAt
  }

  upMs() {
    return this.wasConnected ? Date.now() - this.#upAt : 0
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
    this.#awaitSign()
  }

  #awaitSign() {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.end(4201, 'No pong in time'), this.#pongWithin)
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
        clearTimeout(this.#deadline)
        this.#pongWithin = null
      } else {
        if (this.#pongWithin) this.#awaitSign() // something comes: the pong may be far behind it
        if (frame?.type) this.#owner.onFrame(frame)
      }
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
    clearTimeout(this.#deadline)
    clearInterval(this.#heartbeat)
    if (this.#socket) {
      this.#socket.onmessage = this.#socket.onclose = null
      this.#socket.close() // nothing on a closed one; a dead one takes its time, and nobody waits for it
    }
  }

  #debug(direction, text) {
    if (this.#owner.debug) console.debug('pushgate', direction, text)
  }
}

/** Calls what an app gave. If that throws, it is reported and stops nobody else. */
function call(callbacks, name, ...args) {
  try {
    callbacks[name]?.(...args)
  } catch (error) {
    console.error(`Pushgate: a handler threw (${name})`, error)
  }
}

/** Timers are slowed down in hidden pages, messages of a port are not. */
const inNextTask = (() => {
  const tasks = []
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => tasks.shift()()
  port1.unref?.() // or Node would never end
  return (task) => {
    tasks.push(task)
    port2.postMessage(null)
  }
})()

function endpointOf(url) {
  let endpoint
  try {
    endpoint = new URL(url, globalThis.location?.href)
  } catch (cause) {
    throw new PushgateError(`url is none: ${url}`, 'INVALID_URL', cause)
  }
  endpoint.protocol = endpoint.protocol.replace('http', 'ws')
  if (!/^wss?:$/.test(endpoint.protocol)) {
    throw new PushgateError(`url must begin with http(s):// or ws(s)://: ${url}`, 'INVALID_URL')
  }
  endpoint.pathname = endpoint.pathname.replace(/(\/ws)?\/*$/, '/ws')
  endpoint.search = endpoint.hash = ''
  return endpoint.href
}

function deferred() {
  const result = {}
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }))
  result.promise.catch(() => {}) // who does not wait for it hears of it by the event
  return result
}

/** Not randomUUID, which plain http pages do not have. */
const randomId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('')
