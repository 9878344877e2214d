/** Answers a picture of our own by its address, or undefined. */
export type ReadPicture = (url: string) => Promise<{ type: string; bytes: Buffer } | undefined>

/** Pictures shown no wider than this go into the document: asking for each takes longer than their bytes. */
const WIDEST_PX = 56
/** The width that is sharp on two pixels per point. */
const VARIANT_PX = 100
const MOST = 12
const MOST_BYTES = 4000
const MOST_KEPT = 500

const SMALL_PICTURE = /<img\b[^>]*?\bsizes="(\d+)px"[^>]*>/g
const ADDRESS = /\ssrc="(\/files\/[^"?]+)\?w=\d+"/

/**
 * Puts the small pictures of a rendered page, those in sight at once, into its document (UX-01). A browser opens six
 * connections at most, and the entries of a home page alone would take all of them twice. A picture that cannot be
 * read, or is not small, stays an address. A file never changes, so what was read is kept.
 */
export function createIconInliner(read: ReadPicture): (html: string) => Promise<string> {
  const kept = new Map<string, Promise<string | undefined>>()
  const dataOf = (address: string): Promise<string | undefined> => {
    const known = kept.get(address)
    if (known) return known
    const data = read(`${address}?w=${VARIANT_PX}`)
      .catch(() => undefined)
      .then((picture) => {
        if (!picture) kept.delete(address)
        return picture && picture.bytes.length <= MOST_BYTES
          ? `data:${picture.type};base64,${picture.bytes.toString('base64')}`
          : undefined
      })
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
    kept.set(address, data)
    return data
  }
  return async (html) => {
    const icons = [...html.matchAll(SMALL_PICTURE)]
      .filter(([tag, width]) => Number(width) <= WIDEST_PX && tag.includes('loading="eager"'))
      .flatMap(([tag]) => {
        const address = ADDRESS.exec(tag)?.[1]
        return address === undefined ? [] : [{ tag, address }]
      })
      .slice(0, MOST)
    let inlined = html
    for (const { tag, data } of await Promise.all(
      icons.map(async ({ tag, address }) => ({ tag, data: await dataOf(address) })),
    ))
      if (data !== undefined)
        inlined = inlined.replace(tag, () =>
          tag.replace(ADDRESS, () => ` src="${data}"`).replace(/\ssrcset="[^"]*"/, ''),
        )
    return inlined
  }
}
