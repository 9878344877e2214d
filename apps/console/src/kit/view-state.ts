import type { TableLook } from './columns.tsx'

interface State {
  filters: Record<string, string>
  look: TableLook
}

/** Whether two states of a table are the same to whoever looks at it: the order of keys is of no account. */
export function sameView(a: State, b: State): boolean {
  return (
    sameRecord(a.filters, b.filters) &&
    sameRecord(a.look.shown, b.look.shown) &&
    a.look.dense === b.look.dense &&
    a.look.order.join() === b.look.order.join()
  )
}

function sameRecord(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
}
