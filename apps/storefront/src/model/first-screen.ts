import type { StoreBlock } from '@zhanggui/contract'

/**
 * What a phone of 844 px shows at once below the shop's own head of 182 px, less some for the title that stands above
 * the pictures of a block. Long phones show a little more.
 */
const SCREEN_PX = 640
/** Posters that stand on the screen at once: the next one peeks in. */
export const BANNER_PICTURES = 2
const WIDTH_PX = 390
/** Pictures of a rail that stand on the screen before anybody moves it. */
export const RAIL_PICTURES = 3
const GAP_PX = 12
const TITLE_PX = 48

/**
 * How many blocks of a designed page begin on the first screen of a phone: their pictures are fetched at once, those of
 * the others when the buyer comes near. Heights are guessed; a picture too many costs a few kB, one too few a blank.
 */
export function blocksInSight(blocks: readonly StoreBlock[]): number {
  let top = 0
  let count = 0
  for (const block of blocks) {
    if (top >= SCREEN_PX) break
    count++
    top += heightOf(block) + GAP_PX
  }
  return count
}

function heightOf(block: StoreBlock): number {
  switch (block.kind) {
    case 'banner':
      return (WIDTH_PX * block.ratioPercent) / 100
    case 'nav':
      return Math.ceil(block.items.length / block.columns) * 86 + GAP_PX
    case 'products': {
      const title = block.title === '' ? 0 : TITLE_PX
      if (block.layout === 'grid') return title + Math.ceil(block.products.length / 2) * 290
      return title + (block.layout === 'list' ? block.products.length * 128 : 180)
    }
    case 'picture':
      return (WIDTH_PX * (block.ratioPercent ?? ratioOf(block.picture))) / 100
    case 'hotspot':
      return (WIDTH_PX * ratioOf(block.picture)) / 100
    case 'coupons':
      return TITLE_PX + 90
    case 'live':
      return TITLE_PX + 240
    case 'rich-text':
      return 100
    case 'notice':
      return 56
    case 'gap':
      return block.heightPx
    case 'feed':
      return SCREEN_PX
  }
}

const ratioOf = ({ width, height }: { width: number | null; height: number | null }): number =>
  width && height ? (height / width) * 100 : 56
