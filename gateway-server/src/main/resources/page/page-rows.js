/** The rows of the list of messages. */
import { copyBy } from './page-copy.js'

/** Characters of a message that stand in its row; all of it is there when it is unfolded. */
const SUMMARY_LENGTH = 160

/** Made once: it takes longer than a row. */
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** @param origin `live`, or `replayed` or `recovered`: then it has no latency */
export function messageRow(message, receivedAt, latency, origin) {
  const row = element('li', 'row')
  row.dataset.kind = 'message'
  row.dataset.channel = message.channel
  row.dataset.offset = message.offset
  row.dataset.id = message.id
  row.dataset.origin = origin
  const measures = element('span', 'measures')
  measures.append(latencyOf(latency, origin), offsetOf(message.offset))
  const head = element('div', 'head')
  const names = element('span', 'names')
  names.append(element('span', 'channel', message.channel), element('span', 'event', message.eventType))
  head.append(time(message.timestamp ?? receivedAt), names, measures)
  row.append(head, folded(message.data))
  return row
}

export function noticeRow(kind, channel, text, at) {
  const row = element('li', 'row notice')
  row.dataset.kind = kind
  row.dataset.channel = channel
  const head = element('div', 'head')
  head.append(time(at), element('span', 'channel', channel), element('span', 'text', text))
  row.append(head)
  return row
}

function latencyOf(latency, origin) {
  if (latency === null) {
    const none = element('span', 'latency', origin)
    none.title = origin === 'replayed' ? 'Published before this page listened' : 'Published while it was away'
    return none
  }
  const shown = element('span', 'latency', `${latency} ms`)
  if (latency < 0) shown.title = "Less than nothing: this device's clock is behind the gateway's"
  return shown
}

function offsetOf(offset) {
  const shown = element('span', 'offset')
  shown.append(element('span', 'unseen', 'offset '), `#${offset}`)
  return shown
}

/** The data in one line, and laid out when it is unfolded: most never are, so that is made then. */
function folded(data) {
  const line = JSON.stringify(data) ?? 'null'
  const details = element('details', 'data')
  const start = line.length > SUMMARY_LENGTH ? line.slice(0, SUMMARY_LENGTH) + '…' : line
  const summary = element('summary', '', start)
  summary.tabIndex = -1 // hundreds of stops would stand in a keyboard's way: the list has one, and arrows
  details.append(summary)
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      const json = element('pre', '', JSON.stringify(data, null, 2))
      const button = element('button', 'quiet', 'Copy JSON')
      button.type = 'button'
      button.addEventListener('click', () => copyBy(button, json))
      details.append(json, button)
    }
  })
  return details
}

function time(at) {
  const date = new Date(at)
  const shown = element('time', '', clock(date))
  shown.dateTime = date.toISOString()
  shown.title = DAY_AND_TIME.format(date)
  return shown
}

/** 15:04:05.123 in the time zone of this device. */
function clock(date) {
  const two = (number) => String(number).padStart(2, '0')
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`
}

/** Text is only ever text here: what somebody published is never read as HTML. */
function element(name, className = '', text = '') {
  const made = document.createElement(name)
  if (className) made.className = className
  made.textContent = text
  return made
}
