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
   * Gives a connection token, usually by asking your own server: the string, or an answer that has it as `token`. Called
   * for each connection, again before the token ends, and once more when the gateway refuses one. Instead of `key`;
   * goes before it when both are given. What it throws is tried again after the back-off, except for an
   * `AuthenticationError`, which ends it. What it gives that is no token ends it too (`MISSING_TOKEN`).
   */
  getToken?: () => Token | Promise<Token>
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
  /** How long an attempt may take in ms, `getToken` included; 0 or `Infinity` for any time. Default 10,000. */
  connectionTimeout?: number
  /** How long an answer to a request may take in ms; 0 or `Infinity` for any time. Default 10,000. */
  requestTimeout?: number
  /** How often it asks for a sign of life in ms; 0 or `Infinity` for never. Default 25,000. */
  heartbeatInterval?: number
  /** Writes every frame to `console.debug`, never a key. Default false. */
  debug?: boolean
  /** The WebSocket class, where the platform has none. */
  WebSocket?: new (url: string) => any
}

/** A connection token, by itself or as your server's answer may have it. */
export type Token = string | { token: string }

/** What the constructor needs: where the gateway is, and what to show it. */
export type Needed =
  & ({ url: string } | { baseUrl: string })
  & ({ key: string } | { publishKey: string } | { getToken: () => Token | Promise<Token> })

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
  /** When the next attempt begins, in whole ms. Missing when there will be none. */
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
  /**
   * This subscription was refused, or waits longer than it should (`TIMEOUT`). Others are not touched. Where it is
   * missing, the console is warned.
   */
  onError?(error: PushgateError): void
  /** After a reconnect: all that was missed, `count` messages, was handed over. */
  onRecovered?(count: number): void
  /** The messages with these offsets, both included, cannot be had. */
  onGap?(gap: { from: number; to: number }): void
  /** What was missed cannot be had, nor be counted: load your state again. Live messages go on. */
  onReset?(): void
  /**
   * Begin with so many of the last messages, or as many as the gateway still has. A handle that comes later gets them
   * too: of those that this client holds, as many as a handle before it asked for, or else from the gateway.
   */
  rewind?: number
}

/** One subscription of the app. All handles of a channel share one subscription of the connection. */
export interface Subscription<Data = any> {
  readonly channel: string
  /**
   * Resolves when the gateway has subscribed it. Rejected when it refuses, when there will be no connection, or when it
   * is unsubscribed before. After the app's own disconnect() it waits on, for a connect() may follow. Nobody has to wait
   * for it.
   */
  readonly ready: Promise<Position>
  unsubscribe(): void
  /** Messages of one event type, behind `onMessage`. Gives the subscription, for the next one. */
  on<D = Data>(eventType: string, listener: (message: Message<D>) => void): this
  off(eventType: string, listener: (message: Message<any>) => void): this
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

export interface HistoryQuery {
  /** From 1. */
  page?: number
  /** 1 to 100; default 25. */
  pageSize?: number
  /** Only messages of this type. */
  eventType?: string
  /** Only messages later than this, in ms since 1970. */
  after?: number
  /** Only messages earlier than this, in ms since 1970. */
  before?: number
}

export interface History<Data = any> {
  /** The newest first. */
  messages: Message<Data>[]
  pagination: { page: number; pageSize: number; total: number; totalPages: number }
}

/** Somebody who is present: the user of a token, or the client of one that names no user. */
export interface Member<Info = any> {
  userId?: string
  clientId?: string
  /** What it says of itself. */
  info?: Info
}

export interface Roster<Info = any> {
  members: Member<Info>[]
  epoch: string
  version: number
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
   * `MISSING_TOKEN`, `INVALID_URL`, `INVALID_OPTION`, `INVALID_CHANNEL`, `UNSUBSCRIBED`, `NO_WEBSOCKET`.
   */
  readonly code: string
  /** Whether trying again as it is may help. */
  readonly retryable: boolean
}

/** The key or token is missing or no good. Thrown by `getToken`, it says that there will be none: nobody is signed in. */
export class AuthenticationError extends PushgateError {
  constructor(message: string, code?: string, cause?: unknown)
}

/** There is no connection, or it was refused. */
export class ConnectionError extends PushgateError {}

/** A connection to a Pushgate that comes back by itself, and its subscriptions, which miss nothing meanwhile. */
export class Pushgate {
  /**
   * Opens nothing, unless `autoConnect` is given.
   *
   * @throws PushgateError when the URL, or both key and getToken, are missing or malformed, or a number is none
   */
  constructor(options: Options & Needed)

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
  ): Subscription<Data>
  /** Ends all handles of a channel. */
  unsubscribe(channel: string): void
  getSubscribedChannels(): string[]
  isSubscribed(channel: string): boolean

  /**
   * Publishes over the connection; needs a token that grants it, or a secret key. What was sent and not answered when
   * the connection ends is sent again on the next one under the same id. Rejected with `TIMEOUT` when there is no
   * answer within `requestTimeout`, and with the server's code when it refuses: `PAYLOAD_TOO_LARGE` also when it is more
   * than the server takes in one frame.
   *
   * Many at once wait for each other, in order: at most 16 are without an answer, and some 90 a second go out behind the
   * first 200, so that the gateway does not refuse them. While others are answered, that time does not count.
   */
  publish(channel: string, data: unknown, options?: string | PublishOptions): Promise<Published>

  /** A page of a declared channel's archive. Needs a secret key, or a token that grants `history`. No connection. */
  history<Data = any>(channel: string, query?: HistoryQuery): Promise<History<Data>>
  /** Who is present in a channel now. Needs a secret key, or a token that grants `presence`. No connection. */
  presence<Info = any>(channel: string): Promise<Roster<Info>>

  on<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this
  once<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this
  off<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this
  removeAllListeners(event?: keyof Events): this
  /** The same as `on('stateChange', listener)`; gives the function that takes it back. */
  onConnectionChange(listener: (state: ConnectionState, details: ConnectionDetails) => void): () => void
}

export { Pushgate as PushFloClient, PushgateError as PushFloError }
