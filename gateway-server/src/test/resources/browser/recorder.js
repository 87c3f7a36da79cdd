// What a test drives from outside: it makes clients and subscriptions, and writes down what they were told.
const module = new URLSearchParams(location.search).get('module')
window.pushgate = await import(module)

window.said = []      // what the client said, in order: 'state connected', 'error FORBIDDEN: …'
window.waits = []     // the pauses before it came back, in ms
window.told = {}      // what a channel's subscriptions were told, in order: 'message 1', 'reset'
window.messages = {}  // the messages of a channel, in order

window.make = (options) => {
  const client = new window.pushgate.Pushgate(options)
  client.on('connected', () => said.push('connected'))
  client.on('disconnected', (_, details) => said.push(`disconnected ${details?.code}`))
  client.on('error', (error) => said.push(`error ${error.code}: ${error.message}`))
  client.on('stateChange', (state, details) => {
    said.push(`state ${state}`)
    if (details?.retryInMs !== undefined) waits.push(details.retryInMs)
  })
  window.client = client
  return client
}

window.follow = (channel, options = {}, name = channel) => {
  const tell = (what) => (told[name] ??= []).push(what)
  messages[name] ??= []
  told[name] ??= []
  return client.subscribe(channel, {
    onMessage(message) {
      messages[name].push(message)
      tell(`message ${message.offset}`)
    },
    onSubscribed: ({ offset, recovered }) => tell(`subscribed ${offset} ${recovered ?? ''}`.trim()),
    onUnsubscribed: () => tell('unsubscribed'),
    onError: (error) => tell(`error ${error.code}: ${error.message}`),
    onRecovered: (n) => tell(`recovered ${n}`),
    onGap: ({ from, to }) => tell(`gap ${from}-${to}`),
    onReset: () => tell('reset'),
    ...options,
  })
}

// For the sentence of a test that waited in vain.
window.story = () => JSON.stringify({ state: window.client?.connectionState, said, waits, told }).slice(0, 4000)
window.ready = true
