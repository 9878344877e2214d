/**
 * What the editor of a designed page and the preview in its frame say to each other (`postMessage`, own origin only).
 * No dependencies: console and website use it. (UX-02)
 */
import type { ThemeChoice } from './theme.ts'

/** From the editor: show a block, read the draft again, or try colours. */
export type PreviewOrder =
  | { zhanggui: 'order'; do: 'select'; blockId: string | null }
  | { zhanggui: 'order'; do: 'reload' }
  | { zhanggui: 'order'; do: 'theme'; choice: ThemeChoice }

/** From the preview: a block was tapped, or these blocks stand on the page now. */
export type PreviewNews =
  | { zhanggui: 'news'; did: 'select'; blockId: string }
  | { zhanggui: 'news'; did: 'draw'; blockIds: string[] }

const has = (data: unknown, side: string): boolean =>
  typeof data === 'object' && data !== null && (data as { zhanggui?: unknown }).zhanggui === side

/** Whether a message is one of the editor's. */
export const isPreviewOrder = (data: unknown): data is PreviewOrder => has(data, 'order')

/** Whether a message is one of the preview's. */
export const isPreviewNews = (data: unknown): data is PreviewNews => has(data, 'news')
