/** The line for a shell that publishes the same. */

const PLACEHOLDER = '$PUSHGATE_SECRET_KEY'

/** Without a key the line names a variable: no secret lands in a history or a screenshot. */
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
