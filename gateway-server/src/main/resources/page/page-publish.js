/** The form that publishes, and the curl line that does the same. */
import { copyBy } from './page-copy.js'
import { curl } from './page-curl.js'
import { inWords } from './page-state.js'
import { isSecret, problemWithKey } from './page-wanted.js'

/** Then whether it was published is unknown, and the person may press again. */
const ANSWER_WITHIN_MS = 30_000

export class Publishing {
  #form = field('publish-form')
  #channel = field('publish-channel')
  #event = field('publish-event')
  #data = field('publish-data')
  #problem = field('data-problem')
  #secret = field('secret')
  #answer = field('answer')
  #url
  #ownKey = '' // of the connection
  #channels = []
  #attempt = { body: null, id: null }

  constructor(url) {
    this.#url = url
    this.#form.addEventListener('input', () => this.#changed())
    this.#data.addEventListener('change', () => this.#sayProblem())
    this.#form.addEventListener('submit', () => this.#publish())
    this.#form.addEventListener('keydown', (event) => this.#byKeys(event))
    field('curl-secret').checked = false // whatever a browser restores
    field('curl-secret').addEventListener('change', () => this.#showCurl())
    field('curl-copy').addEventListener('click', ({ target }) => copyBy(target, field('curl')))
    this.#changed()
  }

  /**
   * A secret key publishes everywhere: no other is needed. A token may do so in some channels.
   *
   * @param key that of the connection
   */
  useKey(key) {
    const mayPublish = isSecret(key) || grantsPublish(key)
    this.#ownKey = mayPublish ? key : ''
    field('secret-field').hidden = isSecret(key)
    field('secret-hint').textContent = mayPublish
      ? 'Optional: without one the token above is used. It is kept nowhere.'
      : 'Publishing needs one. It is kept nowhere.'
    this.#changed()
  }

  /** What somebody typed stays, also when it is none of these. */
  useChannels(channels) {
    field('known-channels').replaceChildren(...channels.map((name) => new Option(name, name)))
    const { value } = this.#channel
    const isRemoved = this.#channels.includes(value) && !channels.includes(value)
    this.#channels = channels
    if (value !== '' && !isRemoved) return
    this.#channel.value = channels[0] ?? ''
    this.#changed()
  }

  get #key() {
    return isSecret(this.#ownKey) ? this.#ownKey : this.#secret.value.trim() || this.#ownKey
  }

  /** While somebody types, that it is not JSON yet is shown, and not said at every key. */
  #changed() {
    const problem = problemWith(this.#data.value)
    this.#data.setAttribute('aria-invalid', String(problem !== ''))
    if (problem === '') this.#problem.textContent = ''
    this.#showCurl()
  }

  #sayProblem() {
    this.#problem.textContent = problemWith(this.#data.value)
  }

  /**
   * The person's JSON as it was written: made anew, a large number could become another one. Only line ends
   * and tabs become blanks, which outside of strings mean the same, and inside of them cannot be.
   */
  #body() {
    const channel = JSON.stringify(this.#channel.value.trim())
    const event = JSON.stringify(this.#event.value.trim() || 'message')
    const data = this.#data.value.trim().replace(/[\t\r\n]+/g, ' ')
    return `{"channel":${channel},"event":${event},"data":${data}}`
  }

  /** From the data's field too, in which Enter begins a line. */
  #byKeys(event) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return
    event.preventDefault()
    this.#form.requestSubmit()
  }

  async #publish() {
    const button = field('publish')
    if (button.hasAttribute('aria-disabled')) return // it waits for the answer to the last one
    this.#sayProblem()
    const wrong = [
      [this.#channel, this.#channel.value.trim() === '' ? 'Which channel?' : ''],
      [this.#data, this.#problem.textContent],
      [this.#secret, this.#key === '' ? 'Publishing needs a secret key (sec_…).' : problemWithKey(this.#key)],
    ].find(([, sentence]) => sentence !== '')
    if (wrong) {
      const [where, sentence] = wrong
      this.#say(false, sentence)
      where.focus()
      return
    }
    this.#say(null, 'Publishing…')
    button.setAttribute('aria-disabled', 'true')
    try {
      await this.#send(this.#body())
    } finally {
      button.removeAttribute('aria-disabled')
    }
  }

  /** Until there is an answer the same message keeps its id: pressed again, it does not go out twice. */
  async #send(body) {
    if (this.#attempt.body !== body) this.#attempt = { body, id: randomId() }
    const { id } = this.#attempt
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${this.#key}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': id,
        },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      const { success, data, error, code, details } = await response.json()
      if (success && this.#attempt.id === id) this.#attempt = { body: null, id: null }
      this.#say(success, success ? published(data) : refused(error, code, details))
    } catch {
      this.#say(false, 'No answer. Whether it was published is unknown; trying again does not do it twice.')
    }
  }

  #say(success, text) {
    this.#answer.dataset.outcome = success === null ? 'waiting' : success ? 'published' : 'refused'
    this.#answer.textContent = text
  }

  #showCurl() {
    const key = field('curl-secret').checked ? this.#key : ''
    field('curl').textContent = curl(this.#url, this.#body(), key)
  }
}

/** Whether a token may publish somewhere. */
function grantsPublish(token) {
  const claims = token.replace(/^pub_/, '').split('.')[1]
  if (!claims) return false
  try {
    const { grants } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
    return Object.values(grants ?? {}).some((rights) => rights.includes('publish'))
  } catch {
    return false
  }
}

function problemWith(json) {
  if (json.trim() === '') return 'There is no data: at least null, "text", 7 or {}.'
  try {
    JSON.parse(json)
    return ''
  } catch (error) {
    return `Not JSON yet: ${error.message}`
  }
}

function published({ channelSlug, offset, delivered }) {
  return `Published to ${channelSlug} as #${offset}, delivered to ${delivered} ` +
    (delivered === 1 ? 'subscriber.' : 'subscribers.')
}

function refused(error, code, details) {
  const fields = Object.values(details ?? {}).flat().join('; ')
  return inWords({ code, message: `${error}${fields && !error.includes(fields) ? `: ${fields}` : ''}` })
}

/** Not randomUUID, which plain http pages do not have. */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function field(id) {
  return document.getElementById(id)
}
