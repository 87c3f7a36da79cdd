/** Buttons that copy. */

/** For how long a button says what came of it. */
const SAID_MS = 2000

/** Copies what an element shows, and says so on the button. */
export async function copyBy(button, element) {
  const name = button.textContent
  button.textContent = (await copy(element)) ? 'Copied' : 'Select it and copy'
  setTimeout(() => (button.textContent = name), SAID_MS)
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
