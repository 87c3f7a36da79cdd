// What an app may write, and what it may not: `tsc` has to refuse each line below a `@ts-expect-error`, and no other.
import {
  AuthenticationError,
  PushFloClient,
  Pushgate,
  PushgateError,
  type History,
  type Message,
  type Options,
  type Position,
  type Roster,
  type Subscription,
} from '../../../../../clients/javascript/pushgate.js'

type Order = { id: string; total: number }
const url = 'https://push.example.com'

// @ts-expect-error no address, and nothing to show
new Pushgate({})
// @ts-expect-error nothing to show
new Pushgate({ url })
// @ts-expect-error no address
new Pushgate({ key: 'pub_…' })
// @ts-expect-error no options
new Pushgate()
// @ts-expect-error a number of milliseconds
new Pushgate({ url, key: 'pub_…', requestTimeout: '5 s' })
// @ts-expect-error a misspelt option
new Pushgate({ url, key: 'pub_…', autoConect: true })
// @ts-expect-error a Response is no token
new Pushgate({ url, getToken: () => fetch('/token') })

new Pushgate({ url, key: 'pub_…', connectionTimeout: Infinity, heartbeatInterval: 0 })
new PushFloClient({ baseUrl: url, publishKey: 'pub_…' })
new Pushgate({ url, getToken: async () => ({ token: 'eyJ…' }) })
new Pushgate({ url, getToken: () => Promise.reject(new AuthenticationError('signed out')) })
const partly: Options = { autoConnect: true }
const client = new Pushgate({ ...partly, url, getToken: () => 'eyJ…' })

const subscription: Subscription<Order> = client.subscribe<Order>('orders', {
  rewind: 10,
  onMessage: ({ data }) => data.total.toFixed(2),
  onGap: ({ from, to }) => to - from,
})
subscription
  .on('paid', ({ data }) => data.total.toFixed(2))
  .on<{ at: string }>('shipped', ({ data }) => data.at.trim())
// @ts-expect-error data is an order
subscription.on('paid', ({ data }) => data.amount)
const listener = (message: Message<Order>) => console.log(message.data)
client.subscribe('orders', listener).off('paid', listener).unsubscribe()
const position: Position = await subscription.ready

const page: History<Order> = await client.history<Order>('orders', { page: 1, pageSize: 10, eventType: 'paid' })
const total: number = page.messages[0].data.total + page.pagination.total
const roster: Roster<{ name: string }> = await client.presence<{ name: string }>('room')
const names: (string | undefined)[] = roster.members.map(({ info }) => info?.name)

client.on('stateChange', (state, { retryInMs }) => console.log(state, retryInMs))
client.on('error', (error: PushgateError) => console.log(error.code, position, total, names))
// @ts-expect-error no such event
client.on('paid', () => {})
