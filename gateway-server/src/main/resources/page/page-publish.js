/** The form that publishes, and the curl line that does the same. */

const PLACEHOLDER = '$PUSHGATE_SECRET_KEY'

export class Publishing {
  #form = field('publish-form')
  #channel = field('publish-channel')
  #event = field('publish-event')
  #data = field('publish-data')
  #problem = field('data-problem')
  #secret = field('secret')
  #answer = field('answer')
  #url
  #ownKey = null // of the connection, when that may publish
  #attempt = { body: null, id: null }

  constructor(url) {
    this.#url = url
    this.#form.addEventListener('input', () => this.#changed())
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#publish()
    })
    field('curl-secret').addEventListener('change', () => this.#showCurl())
    field('curl-copy').addEventListener('click', () => this.#copyCurl())
    this.#changed()
  }

  /** @param key that of the connection */
  useKey(key) {
    this.#ownKey = mayPublish(key) ? key : null
    field('secret-field').hidden = this.#ownKey !== null
    this.#changed()
  }

  useChannels(channels) {
    field('known-channels').replaceChildren(...channels.map((name) => new Option(name, name)))
    if (channels.length > 0 && !channels.includes(this.#channel.value)) {
      this.#channel.value = channels[0]
      this.#changed()
    }
  }

  get #key() {
    return this.#ownKey ?? this.#secret.value.trim()
  }

  #changed() {
    const problem = problemWith(this.#data.value)
    this.#problem.textContent = problem
    this.#data.setAttribute('aria-invalid', String(problem !== ''))
    this.#showCurl()
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

  async #publish() {
    const missing = [
      [this.#channel, 'Which channel?', this.#channel.value.trim() === ''],
      [this.#data, this.#problem.textContent, this.#problem.textContent !== ''],
      [this.#secret, 'Publishing needs a secret key (sec_…).', this.#key === ''],
    ].find(([, , isMissing]) => isMissing)
    if (missing) {
      this.#say(false, missing[1])
      missing[0].focus()
      return
    }
    this.#say(null, 'Publishing…')
    const button = field('publish')
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

  async #copyCurl() {
    const button = field('curl-copy')
    button.textContent = (await copy(field('curl'))) ? 'Copied' : 'Select it and copy'
    setTimeout(() => (button.textContent = 'Copy'), 2000)
  }
}

/** The line for a shell. Without a key it names a variable: no secret lands in a history or a screenshot. */
export function curl(url, body, key) {
  const authorization = key
    ? quoted(`Authorization: Bearer ${key}`)
    : `"Authorization: Bearer ${PLACEHOLDER}"`
  return [
    `curl -X POST ${quoted(url)}`,
    `  -H ${authorization}`,
    `  -H 'Content-Type: application/json'`,
    `  -d ${quoted(body)}`,
  ].join(' \\\n')
}

/** Between single quotes a shell reads nothing but the quote itself: that one stands outside of them. */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Whether a key is enough to publish with: a secret one, or a token that grants it somewhere. */
export function mayPublish(key) {
  if (/^(sec|mgmt)_/.test(key)) return true
  const claims = key.replace(/^pub_/, '').split('.')[1]
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
  return `${error}${fields && !error.includes(fields) ? `: ${fields}` : ''} (${code})`
}

/** The clipboard is there on https and localhost only; elsewhere the old way still works. */
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent)
    return true
  } catch {
    getSelection().selectAllChildren(element)
    return document.execCommand('copy')
  }
}

/** Not randomUUID, which plain http pages do not have. */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function field(id) {
  return document.getElementById(id)
}
