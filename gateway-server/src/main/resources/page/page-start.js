/**
 * What has to be done even when a part of the page does not come: it takes the link's key out of the address
 * bar, lets no form send anything, and says that the rest is missing. So it imports nothing itself.
 */
let page = null
let fragment = taken()

document.addEventListener('submit', (event) => event.preventDefault())
addEventListener('hashchange', () => {
  const another = taken()
  if (another === null) return
  if (page) page.show(another)
  else fragment = another
})

try {
  page = await import('./page.js')
  page.show(fragment)
} catch (error) {
  console.error('The page could not be loaded', error)
  const problem = document.querySelector('#problem')
  problem.textContent = 'A part of this page could not be loaded: reload it.'
  problem.hidden = false
}

/**
 * The fragment, which never reaches the server; null when it is none of ours. It leaves the address bar and
 * what this tab goes back to. The browser's own list of visited pages keeps it all the same.
 */
function taken() {
  const found = location.hash.slice(1)
  const names = new URLSearchParams(found)
  if (!names.has('key') && !names.has('channel')) return null
  history.replaceState(null, '', location.pathname + location.search)
  return found
}
