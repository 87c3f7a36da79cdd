/** Two small plots of the last minute: messages a second, and their latency. */

const SECONDS = 60
const HEIGHT = 20

/** Latencies that are kept of one second, for its median. More would not move it on the screen. */
const MAX_SAMPLES = 1000

export class Plots {
  #seconds = new Map() // second → { count, latencies, max }
  #rate = plot('rate')
  #latency = plot('latency')

  constructor() {
    setInterval(() => this.#draw(), 1000)
    document.addEventListener('visibilitychange', () => this.#draw())
  }

  /** @param latency in ms; null when there is none */
  add(latency) {
    const now = second()
    let bucket = this.#seconds.get(now)
    if (!bucket) this.#seconds.set(now, (bucket = { count: 0, latencies: [], max: null }))
    bucket.count++
    if (latency === null) return
    bucket.max = bucket.max === null ? latency : Math.max(bucket.max, latency)
    if (bucket.latencies.length < MAX_SAMPLES) bucket.latencies.push(latency)
  }

  /** Shows whole seconds only: the one that runs would always look like a fall. */
  #draw() {
    const last = second() - 1
    for (const at of this.#seconds.keys()) if (at <= last - SECONDS) this.#seconds.delete(at)
    const first = last - SECONDS + 1
    const shown = Array.from({ length: SECONDS }, (_, i) => figures(this.#seconds.get(first + i)))
    if (!document.hidden) {
      this.#drawRate(shown)
      this.#drawLatency(shown)
    }
  }

  #drawRate(shown) {
    const counts = shown.map(({ count }) => count)
    const top = Math.max(...counts)
    const sum = counts.reduce((a, b) => a + b, 0)
    const now = counts.at(-1)
    this.#rate.paths[0].setAttribute('d', bars(counts, Math.max(top, 1)))
    this.#rate.now.textContent = number(now)
    this.#rate.top.textContent = top > 0 ? `highest ${number(top)}` : ''
    this.#rate.svg.setAttribute('aria-label', sum === 0
      ? 'No messages in the last 60 seconds'
      : `${number(sum)} messages in the last 60 seconds, at most ${number(top)} in one second, ` +
        `${number(now)} in the last`)
  }

  #drawLatency(shown) {
    const known = shown.filter(({ median }) => median !== null)
    const top = Math.max(1, ...known.map(({ max }) => max))
    const latest = known.at(-1)
    this.#latency.paths[0].setAttribute('d', bars(shown.map(({ max }) => max ?? 0), top))
    this.#latency.paths[1].setAttribute('d', dashes(shown.map(({ median }) => median), top))
    this.#latency.top.textContent = latest ? `highest ${number(top)} ms` : ''
    this.#latency.now.textContent = latest
      ? `median ${number(latest.median)} ms, highest ${number(latest.max)} ms`
      : '–'
    this.#latency.svg.setAttribute('aria-label', latest
      ? `Latency in the last 60 seconds: at most ${number(top)} ms; ` +
        `lately median ${number(latest.median)} ms, highest ${number(latest.max)} ms`
      : 'No latency in the last 60 seconds')
  }
}

function plot(name) {
  const svg = document.querySelector(`#${name}-plot`)
  return {
    svg,
    paths: svg.querySelectorAll('path'),
    now: document.querySelector(`#${name}-now`),
    top: document.querySelector(`#${name}-top`),
  }
}

/** By a clock that nobody sets. */
function second() {
  return Math.floor(performance.now() / 1000)
}

function figures(bucket) {
  if (!bucket) return { count: 0, median: null, max: null }
  const sorted = bucket.latencies.toSorted((a, b) => a - b)
  return { count: bucket.count, median: sorted[Math.floor(sorted.length / 2)] ?? null, max: bucket.max }
}

function height(value, top) {
  return Math.max(0, Math.min(1, value / top)) * (HEIGHT - 1) // a stroke at the top is not cut off
}

function bars(values, top) {
  return values
    .map((value, i) => (value > 0 ? `M${i + 0.1} ${HEIGHT}v${-height(value, top)}h.8V${HEIGHT}z` : ''))
    .join('')
}

/** A stroke over each second that has a value; those beside each other are joined. */
function dashes(values, top) {
  return values
    .map((value, i) => {
      if (value === null) return ''
      const y = HEIGHT - height(value, top)
      return `${i > 0 && values[i - 1] !== null ? 'L' : 'M'}${i + 0.1} ${y}h.8`
    })
    .join('')
}

function number(value) {
  return value.toLocaleString('en')
}
