/** The version of this module; the gateway serves it as `/pushgate-<version>.js` too. */
export const VERSION: string

/**
 * - `connecting`: an attempt is under way.
 * - `connected`: messages come.
 * - `disconnected`: there is no connection; `retryInMs` says when the next attempt begins, and is missing when none will.
 * - `error`: refused for good. It does not come back until `connect()` is called.
 */
export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'error'

export interface Options {
  /** Where the gateway is: `https://push.example.com`, also with a path in front of `/ws`, also as `wss://…`. */
  url?: string
  /** PushFlo's name of `url`. One of the two is required. */
  baseUrl?: string
  /** An API key or a connection token. In a browser a publish key (`pub_…`), which is public. */
  key?: string
  /** PushFlo's name of `key`. */
  publishKey?: string
  /**
   * Gives a connection token, usually by asking your own server. Called for each connection, again before the token
   * ends, and once more when the gateway refuses one. Instead of `key`; goes before it when both are given.
   */
  getToken?: () => string | Promise<string>
  /** Connects at once. Default false. */
  autoConnect?: boolean
  /** Comes back by itself, also when the very first connection fails. Default true. */
  autoReconnect?: boolean
  /** Attempts in a row after which it gives up; 0 for never, which is the default. */
  maxReconnectAttempts?: number
  /** The back-off in ms: a random time up to this, doubled with each attempt … Default 1,000. */
  reconnectDelay?: number
  /** … up to this. Default 10,000. */
  maxReconnectDelay?: number
  /** How long an attempt may take in ms, `getToken` included. Default 10,000. */
  connectionTimeout?: number
  /** How long an answer to `publish` or `subscribe` may take in ms. Default 10,000. */
  requestTimeout?: number
  /** How often it asks for a sign of life in ms. Default 25,000. */
  heartbeatInterval?: number
  /** Writes every frame to `console.debug`, never a key. Default false. */
  debug?: boolean
  /** The WebSocket class, where the platform has none. */
  WebSocket?: new (url: string) => any
}

export interface ConnectionInfo {
  clientId: string
  /** Names this one connection in the gateway's REST API. */
  connectionId: string
  /** The server's time in ms since 1970. */
  timestamp: number
}

/** Why there is no connection. */
export interface ConnectionDetails {
  /** The WebSocket's close code; docs/protocol/websocket.md says what each means. */
  code?: number
  reason?: string
  error?: PushgateError
  /** When the next attempt begins. Missing when there will be none. */
  retryInMs?: number
}

/** A place in a channel's stream. */
export interface Position {
  /** Another epoch says that the stream began anew: old offsets mean nothing. */
  epoch: string
  /** 1, 2, 3 … */
  offset: number
}

export interface Message<Data = any> extends Position {
  id: string
  channel: string
  eventType: string
  /** Who published it. */
  clientId: string
  /** What was published. */
  data: Data
  /** PushFlo's name of `data`. */
  content: Data
  /** When it was published, in ms since 1970 by the server's clock. */
  timestamp: number
}

export interface SubscribeOptions<Data = any> {
  /** Each message once, in order. */
  onMessage?(message: Message<Data>): void
  /** The server has subscribed it: after the first time also after each reconnect, then with `recovered`. */
  onSubscribed?(position: Position & { recovered?: boolean }): void
  /** It was unsubscribed: by the app, or because the channel was deleted or may not be read any more. */
  onUnsubscribed?(): void
  /** This subscription was refused, or waits longer than it should (`TIMEOUT`). Others are not touched. */
  onError?(error: PushgateError): void
  /** After a reconnect: all that was missed, `count` messages, was handed over. */
  onRecovered?(count: number): void
  /** The messages with these offsets, both included, cannot be had. */
  onGap?(gap: { from: number; to: number }): void
  /** What was missed cannot be had, nor be counted: load your state again. Live messages go on. */
  onReset?(): void
  /** The first time, begin with so many of the last messages. Counts for the first handle of a channel. */
  rewind?: number
}

/** One subscription of the app. All handles of a channel share one subscription of the connection. */
export interface Subscription {
  readonly channel: string
  unsubscribe(): void
}

export interface PublishOptions {
  /** Default `message`. */
  eventType?: string
  /** An idempotency key: the same one within five minutes is not a second message. Made up when not given. */
  id?: string
}

export interface Published extends Position {
  id: string
  channel: string
}

export interface Events {
  connected: [info: ConnectionInfo]
  /** A connection has ended. */
  disconnected: [reason: string | undefined, details: ConnectionDetails]
  /** Each message of every channel, once. */
  message: [message: Message]
  /** What the server has against this client, and why it does not come back. */
  error: [error: PushgateError]
  stateChange: [state: ConnectionState, details: ConnectionDetails]
}

/** What went wrong. */
export class PushgateError extends Error {
  constructor(message: string, code: string, cause?: unknown)
  /**
   * The server's code (`FORBIDDEN`, `INVALID_TOKEN`, `RATE_LIMITED` …) or one of this client: `TIMEOUT`,
   * `CONNECTION_FAILED`, `PROTOCOL_ERROR`, `DISCONNECTED`, `MAX_RECONNECT_ATTEMPTS`, `MISSING_PUBLISH_KEY`,
   * `MISSING_TOKEN`, `INVALID_URL`, `INVALID_CHANNEL`, `NO_WEBSOCKET`.
   */
  readonly code: string
  /** Whether trying again as it is may help. */
  readonly retryable: boolean
}

/** The key or token is missing or no good. */
export class AuthenticationError extends PushgateError {}

/** There is no connection, or it was refused. */
export class ConnectionError extends PushgateError {}

/** A connection to a Pushgate that comes back by itself, and its subscriptions, which miss nothing meanwhile. */
export class Pushgate {
  /** @throws PushgateError when the URL, or both key and getToken, are missing or malformed */
  constructor(options: Options)

  readonly connectionState: ConnectionState
  /** Null before the first connection. */
  readonly clientId: string | null

  /**
   * Connects, and comes back until `disconnect()`. Rejected only when the gateway refuses for good, when the attempts
   * are used up, without `autoReconnect` when the first one fails, or by `disconnect()`. Nobody has to wait for it: the
   * same is told by events.
   */
  connect(): Promise<ConnectionInfo>
  /** Ends the connection. Subscriptions and positions stay: `connect()` goes on from there. */
  disconnect(): void
  /** Ends the connection, all subscriptions and all listeners. */
  destroy(): void

  /** Subscribes, now or as soon as it is connected. */
  subscribe<Data = any>(
    channel: string,
    options?: SubscribeOptions<Data> | ((message: Message<Data>) => void),
  ): Subscription
  /** Ends all handles of a channel. */
  unsubscribe(channel: string): void
  getSubscribedChannels(): string[]
  isSubscribed(channel: string): boolean

  /**
   * Publishes over the connection; needs a token that grants it, or a secret key. What was sent and not answered when
   * the connection ends is sent again on the next one under the same id. Rejected with `TIMEOUT` when there is no
   * answer within `requestTimeout`, and with the server's code when it refuses.
   */
  publish(channel: string, data: unknown, options?: string | PublishOptions): Promise<Published>

  on<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this
  once<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this
  off<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this
  removeAllListeners(event?: keyof Events): this
  /** The same as `on('stateChange', listener)`; gives the function that takes it back. */
  onConnectionChange(listener: (state: ConnectionState, details: ConnectionDetails) => void): () => void
}

export { Pushgate as PushFloClient, PushgateError as PushFloError }
