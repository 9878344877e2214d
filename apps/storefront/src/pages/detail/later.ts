/** What the first screen can do without, in one file: each more is a name in the table that every page carries. */
export { ShareSheet } from '../../parts/share-sheet.tsx'
export { DeliverTo } from './deliver-to.tsx'
export { SkuSheet } from './sku-sheet.tsx'
