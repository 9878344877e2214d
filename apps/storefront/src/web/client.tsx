import { hydrate } from 'preact'
import type { Boot } from './boot.ts'
import { Browser } from './browser.tsx'
import { pageModule } from './pages.ts'

const RETRIED = 'zg.retried'

const root = document.getElementById('app')!
const boot = JSON.parse(document.getElementById('zg-state')!.textContent!) as Boot

/** What the page shows is painted before it is brought to life: a buyer sees first and taps then. */
const PAINT_MS = 300
const painted = new Promise<void>((done) => {
  requestAnimationFrame(() => setTimeout(done))
  // nothing is painted where nobody looks
  setTimeout(done, PAINT_MS)
})

Promise.all([pageModule(boot.screen.name), painted]).then(
  ([page]) => {
    sessionStorage.removeItem(RETRIED)
    hydrate(<Browser boot={boot} firstPage={page} />, root)
  },
  (error: unknown) => {
    // a page from before a deploy names files that are gone: its next version does not. Once, so as not to go round
    if (sessionStorage.getItem(RETRIED) !== null) throw error
    sessionStorage.setItem(RETRIED, '1')
    location.reload()
  },
)
