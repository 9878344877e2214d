import { isPreviewOrder, type PreviewNews } from '@zhanggui/contract/preview'
import { themeCss } from '@zhanggui/contract/theme'
import { BLOCK_ANCHOR } from '../../model/block-link.ts'

/** Rules that only previews need: the style sheet of every other page stays without them. */
const CHOSEN = 'zg-preview-chosen'
const BLOCKS = `[id^="${BLOCK_ANCHOR}"]`
const STYLE = `
.zg-preview-framed ${BLOCKS}{cursor:pointer;min-height:8px}
.zg-preview-framed ${BLOCKS}:hover{outline:2px dashed #2a63c9;outline-offset:2px;border-radius:6px}
.zg-preview-framed .${CHOSEN}{outline:2px solid #2a63c9!important;outline-offset:2px;border-radius:6px}
.zg-preview-note{position:fixed;z-index:60;left:50%;top:max(8px,env(safe-area-inset-top));transform:translateX(-50%);padding:4px 14px;border-radius:99px;font-size:12px;line-height:20px;white-space:nowrap;color:#fff;background:rgba(20,24,30,.86);pointer-events:none}
`

const idOf = (element: Element): string => element.id.slice(BLOCK_ANCHOR.length)

/**
 * Connects a draft with the editor in whose frame it stands: a tap chooses the block instead of following its link, and
 * the editor may show a block, have the draft read again or try colours. Outside of a frame it only says what it is.
 */
export function openPreview(reload: () => Promise<void>): { tellDrawn: () => void; close: () => void } {
  const style = document.createElement('style')
  style.textContent = STYLE
  document.head.append(style)
  return window.parent === window ? asPage() : inFrame(reload)
}

function asPage() {
  const note = document.createElement('div')
  note.className = 'zg-preview-note'
  note.setAttribute('role', 'note')
  note.textContent = '预览：还没有发布，买家看不到'
  document.body.append(note)
  return { tellDrawn: () => undefined, close: () => note.remove() }
}

function inFrame(reload: () => Promise<void>) {
  let chosen: string | null = null
  const tell = (news: PreviewNews) => window.parent.postMessage(news, location.origin)
  const mark = (isScrolled: boolean) => {
    for (const element of document.querySelectorAll(`.${CHOSEN}`)) element.classList.remove(CHOSEN)
    const element = chosen === null ? null : document.getElementById(BLOCK_ANCHOR + chosen)
    element?.classList.add(CHOSEN)
    if (!element || !isScrolled) return
    const { top, bottom } = element.getBoundingClientRect()
    if (top < 0 || bottom > innerHeight) element.scrollIntoView({ block: 'center', behavior: 'smooth' })
  }
  const tellDrawn = () => {
    mark(false)
    tell({
      zhanggui: 'news',
      did: 'draw',
      blockIds: [...document.querySelectorAll(BLOCKS)].map(idOf),
    })
  }
  const onClick = (event: MouseEvent) => {
    // nothing in the frame leads anywhere: it is there to be looked at and chosen from
    event.preventDefault()
    event.stopPropagation()
    const block = (event.target as Element | null)?.closest?.(BLOCKS)
    if (!block) return
    chosen = idOf(block)
    mark(false)
    tell({ zhanggui: 'news', did: 'select', blockId: chosen })
  }
  const onMessage = ({ origin, source, data }: MessageEvent) => {
    if (origin !== location.origin || source !== window.parent || !isPreviewOrder(data)) return
    if (data.do === 'reload') void reload().then(tellDrawn)
    else if (data.do === 'select') {
      chosen = data.blockId
      mark(true)
    } else tryColors(data.choice)
  }
  document.documentElement.classList.add('zg-preview-framed')
  addEventListener('click', onClick, { capture: true })
  addEventListener('message', onMessage)
  tellDrawn()
  return {
    tellDrawn,
    close() {
      removeEventListener('click', onClick, { capture: true })
      removeEventListener('message', onMessage)
    },
  }
}

function tryColors(choice: Parameters<typeof themeCss>[0]): void {
  const style = document.getElementById('zg-colors') ?? document.createElement('style')
  style.id = 'zg-colors'
  style.textContent = themeCss(choice, { isExplicit: true })
  document.head.append(style)
}
