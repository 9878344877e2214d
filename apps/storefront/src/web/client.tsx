import { hydrate } from 'preact'
import type { Boot } from './boot.ts'
import { Browser } from './browser.tsx'
import { pageModule } from './pages.ts'

const root = document.getElementById('app')!
const boot = JSON.parse(document.getElementById('zg-state')!.textContent!) as Boot
void pageModule(boot.screen.name).then((page) => hydrate(<Browser boot={boot} firstPage={page} />, root))
