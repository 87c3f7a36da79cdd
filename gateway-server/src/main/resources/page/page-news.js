/** What befell the channels: a row for each, and one sentence for all of it to screen readers. */

/** After a reconnect the news of many channels come together. */
const GATHERED_MS = 500

/** Sentences that stay, so that one who listens can go back to them. */
const MAX_SENTENCES = 20

const SUMMARIES = {
  recovered: (news) => `${channels(news)} recovered, ${counted(sum(news), 'message')}`,
  gap: (news) => `${counted(news.length, 'gap')} in ${channels(news)}`,
  reset: (news) => `${channels(news)} reset`,
  anew: (news) => `${channels(news)} began anew`,
  error: (news) => `${channels(news)} refused`,
  ended: (news) => `${channels(news)} ended by the gateway`,
}

export class News {
  #feed
  #list = document.querySelector('#announcements')
  #gathered = [] // { kind, name, text, count }
  #timer = null
  #isReturn = false // a reconnect of which nothing was told yet
  #hasReturned = false // a channel is back, and had missed nothing
  #errors = new Map() // channel → what was last said of it

  constructor(feed) {
    this.#feed = feed
  }

  connected() {
    this.#isReturn = true
    this.#hasReturned = false
  }

  subscribed(name) {
    this.#errors.delete(name)
  }

  recovered(name, n) {
    if (n > 0) return this.#tell('recovered', name, `Recovered ${counted(n, 'missed message')}`, n)
    this.#hasReturned = true
    this.#gather()
  }

  gap(name, { from, to }) {
    this.#tell('gap', name, `Messages #${from} to #${to} are missing here: the gateway no longer has them`)
  }

  reset(name) {
    this.#tell('reset', name, 'Some messages may be missing here: the gateway no longer has them. New ones follow')
  }

  /** The gateway has forgotten the channel, and nobody has published to it since. */
  anew(name) {
    this.#tell('anew', name, 'Began anew: its numbers count from 1 again. Nothing was published to it since')
  }

  /** The client tries again what may go well: the same answer is no news. */
  error(name, text) {
    if (this.#errors.get(name) === text) return
    this.#errors.set(name, text)
    this.#tell('error', name, text)
  }

  ended(name) {
    this.#errors.delete(name)
    this.#tell('ended', name, 'The gateway ended this channel: it was deleted, or this key may not read it any more')
  }

  #tell(kind, name, text, count = 1) {
    this.#isReturn = false
    this.#feed.notice(kind, name, text)
    this.#gathered.push({ kind, name, text, count })
    this.#gather()
  }

  #gather() {
    this.#timer ??= setTimeout(() => this.#readOut(), GATHERED_MS)
  }

  /** That nothing was missed is said once, and only where there is nothing else to say of the reconnect. */
  #readOut() {
    this.#timer = null
    if (this.#isReturn && this.#hasReturned) {
      this.#isReturn = false
      this.#feed.notice('recovered', '', 'Nothing was missed')
    }
    const gathered = this.#gathered.splice(0)
    if (gathered.length === 0) return
    const line = document.createElement('p')
    line.textContent = sentence(gathered)
    this.#list.append(line)
    if (this.#list.childElementCount > MAX_SENTENCES) this.#list.firstElementChild.remove()
  }
}

function sentence(gathered) {
  if (gathered.length === 1) return `${gathered[0].name}: ${gathered[0].text}`
  return Object.entries(SUMMARIES)
    .map(([kind, summary]) => [gathered.filter((one) => one.kind === kind), summary])
    .filter(([news]) => news.length > 0)
    .map(([news, summary]) => summary(news))
    .join('; ')
}

function channels(news) {
  return counted(new Set(news.map(({ name }) => name)).size, 'channel')
}

function sum(news) {
  return news.reduce((total, { count }) => total + count, 0)
}

function counted(n, noun) {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
}
