/** What one visit took, in ms since the navigation began; bytes as they came over the wire, by kind. */
export interface Measured {
  fcpMs: number
  /** All products in sight stand there with their pictures. */
  productsMs: number
  lcpMs: number
  loadMs: number
  shift: number
  bytes: Record<string, number>
}

/** Runs in the page before anything else; what it finds is in `window.zgMeasured`. */
export const MEASURE = `(() => {
  const measured = (window.zgMeasured = { lcpMs: 0, shift: 0 })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) measured.lcpMs = entry.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) measured.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  const isInSight = (element) => {
    const { top, width, left } = element.getBoundingClientRect()
    return width > 0 && top < innerHeight && left < innerWidth
  }
  const look = () => {
    // on home the cards, on detail the price
    const goods = [...document.querySelectorAll('[data-testid=product-card], [data-testid=price]')].filter(isInSight)
    const pictures = [...document.images].filter(isInSight)
    const isThere = goods.length > 0 && pictures.length > 0 && pictures.every((it) => it.complete && it.naturalWidth > 0)
    if (isThere) measured.productsMs = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})()`

/** Answers what has been found, once everything in sight is there. */
export const RESULT = `(() => {
  const [navigation] = performance.getEntriesByType('navigation')
  const [paint] = performance.getEntriesByName('first-contentful-paint')
  // what is not painted yet is not visible, however early its elements are there
  const productsMs = Math.max(window.zgMeasured.productsMs, paint.startTime)
  return { ...window.zgMeasured, productsMs, fcpMs: paint.startTime, loadMs: navigation.loadEventEnd }
})()`

/** Runs in the page: notes in `window.zgTapMs` how long the next tap takes until the page of a product is painted. */
export const WATCH_TAP = `addEventListener('click', ({ timeStamp }) => {
  const look = () => {
    if (!document.querySelector('[data-testid=choose-sku]')) return requestAnimationFrame(look)
    requestAnimationFrame((at) => { window.zgTapMs = at - timeStamp })
  }
  requestAnimationFrame(look)
}, { capture: true, once: true })`
