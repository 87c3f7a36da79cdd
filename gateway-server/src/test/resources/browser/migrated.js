// An app as it was for PushFlo, but for its import and its URL. It uses everything, and gives the names that it met.
window.migrated = async (baseUrl, key, publishKey) => {
  const module = await import(`${baseUrl}/pushgate.js`)
  const { PushFloClient, PushFloError, AuthenticationError } = module
  const events = new Set()
  const states = new Set()
  const callbacks = new Set()
  const seen = (set, name) => () => void set.add(name)
  const until = async (condition) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  const options = { publishKey: key, baseUrl, autoConnect: true }
  const client = new PushFloClient(options)
  let info, message
  for (const event of ['connected', 'disconnected', 'message', 'error']) client.on(event, seen(events, event))
  client.on('connected', (told) => (info = told))
  client.onConnectionChange((state) => states.add(state))
  const subscription = client.subscribe('news', {
    onMessage: (received) => (message = received) && callbacks.add('onMessage'),
    onSubscribed: seen(callbacks, 'onSubscribed'),
    onUnsubscribed: seen(callbacks, 'onUnsubscribed'),
  })
  await until(() => info && callbacks.has('onSubscribed'))
  await client.publish('news', { n: 1 })
  await until(() => message)
  subscription.unsubscribe()
  client.disconnect()
  const methods = namesOf(client)

  // With a publish key the private channel is refused.
  let error
  const reader = new PushFloClient({ publishKey, baseUrl })
  reader.subscribe('private', { onError: (refusal) => (error = refusal) && callbacks.add('onError') })
  await reader.connect()
  await until(() => error)
  if (!(error instanceof PushFloError)) throw new Error('not a PushFloError')
  reader.destroy()

  const stranger = new PushFloClient({ publishKey: 'pub_wrong', baseUrl })
  stranger.on('error', seen(events, 'error'))
  stranger.onConnectionChange((state) => states.add(state))
  const refusal = await stranger.connect().catch((reason) => reason)
  if (!(refusal instanceof AuthenticationError)) throw new Error('not an AuthenticationError')

  return {
    'options': Object.keys(options),
    'Exports': Object.keys(module),
    'Methods and properties': methods,
    'Events': [...events],
    'What `connected` tells': Object.keys(info),
    'Connection states': [...states],
    'Subscription options': [...callbacks],
    'What `subscribe` gives': Object.keys(subscription),
    'Messages': Object.keys(message),
    'Errors': ['message', 'code', 'retryable', 'cause', 'name', 'toJSON'].filter((name) => name in error),
  }
}

function namesOf(object) {
  const names = []
  for (let one = object; one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    names.push(...Object.getOwnPropertyNames(one))
  }
  return names
}
