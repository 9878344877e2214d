import { createRoot } from 'react-dom/client'
import { loadLocale } from './i18n/index.ts'
import './styles/console.css'
import './styles/products.css'
import './styles/pages.css'
import './styles/prices.css'
import './styles/sharing.css'
import './styles/reviews.css'

await loadLocale()
const { Root } = await import('./app/root.tsx')
createRoot(document.getElementById('root')!).render(<Root />)
