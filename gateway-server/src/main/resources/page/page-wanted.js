/** What to show: what the link says, else what this tab remembers. */

/** As many as the gateway lets one connection subscribe to, unless it was set otherwise. */
export const MAX_CHANNELS = 256

const CHANNEL_NAME = /^(?!\.{1,2}$)[A-Za-z0-9_\-=@,.;:]{1,200}$/
const PUBLISH_KEY_OR_TOKEN = /^(pub_|[\w-]+\.[\w-]+\.[\w-]+$)/

const HAS_OTHER_CHARACTERS =
  'The key has a character that no key has. It may be one that cannot be seen and was copied along.'
const MAY_DO_MORE =
  'This key may do more than listen: it was not used, and is to be typed in. ' +
  "This browser's list of visited pages has it now."
const IS_NO_KEY = 'What this link gives as a key is neither a publish key (pub_…) nor a connection token.'

export function isName(name) {
  return CHANNEL_NAME.test(name)
}

/** Whether a key may do more than listen: also one that is to be typed in. */
export function isSecret(key) {
  return /^(sec|mgmt)_/.test(key)
}

/** What is wrong with a key before anybody was asked; empty when nothing is. */
export function problemWithKey(key) {
  return /^[\x21-\x7e]*$/.test(key) ? '' : HAS_OTHER_CHARACTERS
}

/**
 * What a link's fragment says.
 *
 * @returns key: undefined when it names none; problem: with the link, else empty
 */
export function fromFragment(fragment) {
  const fields = new URLSearchParams(fragment ?? '')
  const names = [...new Set(fields.getAll('channel').filter(isName))]
  const given = fields.get('key')?.trim() || undefined
  const problem = given === undefined ? '' : problemWithLinked(given)
  return {
    key: problem ? '' : given,
    channels: names.slice(0, MAX_CHANNELS),
    problem,
    left: Math.max(0, names.length - MAX_CHANNELS),
  }
}

function problemWithLinked(key) {
  if (isSecret(key)) return MAY_DO_MORE
  return problemWithKey(key) || (PUBLISH_KEY_OR_TOKEN.test(key) ? '' : IS_NO_KEY)
}

export function rememberedKey() {
  const key = remembered('key')
  return typeof key === 'string' ? key : ''
}

/** @returns null when none are remembered */
export function rememberedChannels() {
  const names = remembered('channels')
  return Array.isArray(names) ? names.filter(isName).slice(0, MAX_CHANNELS) : null
}

/** For this tab only, until it is closed; not at all where the browser does not let us. */
export function remember(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(`pushgate.${name}`)
    else sessionStorage.setItem(`pushgate.${name}`, JSON.stringify(value))
  } catch {
    // Then a reload begins anew.
  }
}

function remembered(name) {
  try {
    return JSON.parse(sessionStorage.getItem(`pushgate.${name}`))
  } catch {
    return null
  }
}
