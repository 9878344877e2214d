import type { Product } from '@zhanggui/contract'
import { Anchor } from 'antd'
import { t } from '../../i18n/index.ts'
import { SECTIONS } from './editor-sections.ts'
import { ScorePanel } from './guide/score-panel.tsx'

const HEAD_PX = 76

/** All sections of the product editor with an index of them beside it. */
export function ProductFields({ product }: { product: Product | undefined }) {
  const sections = SECTIONS.filter((section) => product !== undefined || !section.storedOnly)
  return (
    <div className="editor">
      <div className="editor-main">
        {sections.map(({ id, Body }) => (
          <Body key={id} product={product} />
        ))}
      </div>
      <div className="editor-side editor-guide">
        <ScorePanel />
        <Anchor
          affix={false}
          targetOffset={HEAD_PX}
          items={sections.map(({ id, title }) => ({ key: id, href: `#section-${id}`, title: t(title) }))}
          onClick={(event, { href }) => {
            // The address keeps its place; the router must not take an anchor for a page.
            event.preventDefault()
            document.querySelector(href)?.scrollIntoView({ behavior: 'smooth' })
          }}
        />
      </div>
    </div>
  )
}
