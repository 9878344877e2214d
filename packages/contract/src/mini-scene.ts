/** Pages that a mini program code 小程序码 can lead to, each with its letter and the parameter that names the thing. */
const KINDS = {
  d: { page: 'detail', param: 'id' },
  h: { page: 'home', param: 'category' },
} as const satisfies Record<string, { page: string; param: string }>

/** WeChat allows 32 characters of its own choice in a scene. */
export const SCENE_LENGTH = 32
const SOURCE = /^[0-9A-Za-z]{1,8}$/
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** 128 bits, six to a character. */
const ID_LENGTH = 22

/** A page that the shop has designed is named by its slug, which is as readable and mostly shorter. */
const PAGE = /^p([a-z0-9][a-z0-9-]*)(?:\.([0-9A-Za-z]{1,8}))?$/

export interface Scene {
  page: (typeof KINDS)[keyof typeof KINDS]['page'] | 'page'
  params: Record<string, string>
  /** Where the code hangs or who passed it on: up to 8 letters and digits; empty when nothing is known. */
  source: string
}

/**
 * The scene of a mini program code (`getwxacodeunlimit`): a letter for the page, the id in 22 characters, and after a
 * dot the source, so that orders can be traced to the code. Throws a TypeError for what does not fit.
 */
export function encodeScene(kind: keyof typeof KINDS, id: string, source = ''): string {
  if (!UUID.test(id)) throw new TypeError(`Not an id: ${id}`)
  if (source !== '' && !SOURCE.test(source)) throw new TypeError(`Not a source of a code: ${source}`)
  return `${kind}${packId(id)}${source === '' ? '' : `.${source}`}`
}

/** The scene of a designed page's code. Throws a TypeError where slug and source do not fit into a scene together. */
export function encodePageScene(slug: string, source = ''): string {
  const scene = `p${slug}${source === '' ? '' : `.${source}`}`
  if (scene.length > SCENE_LENGTH || !PAGE.test(scene))
    throw new TypeError(`Not a page that fits into a code: ${slug} ${source}`)
  return scene
}

/** What a scene leads to, or undefined when it is not one of ours. WeChat hands it over percent-encoded. */
export function decodeScene(text: string): Scene | undefined {
  const plain = unescaped(text)
  const page = PAGE.exec(plain)
  if (page && plain.length <= SCENE_LENGTH) return { page: 'page', params: { slug: page[1]! }, source: page[2] ?? '' }
  const found = /^([a-z])([\w-]{22})(?:\.([0-9A-Za-z]{1,8}))?$/.exec(plain)
  const kind = found && KINDS[found[1] as keyof typeof KINDS]
  if (!found || !kind) return undefined
  const id = unpackId(found[2]!)
  return id === undefined ? undefined : { page: kind.page, params: { [kind.param]: id }, source: found[3] ?? '' }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

// Strings of bits: phones that run mini programs need not know BigInt.
const LONGEST_BITS = ID_LENGTH * 6
const bitsOf = (value: number, length: number) => value.toString(2).padStart(length, '0')

function packId(id: string): string {
  const bits = Array.from(id.replaceAll('-', ''), (digit) => bitsOf(Number.parseInt(digit, 16), 4)).join('')
  return bits.padStart(LONGEST_BITS, '0').replace(/.{6}/g, (group) => ALPHABET[Number.parseInt(group, 2)]!)
}

function unpackId(packed: string): string | undefined {
  const bits = Array.from(packed, (character) => bitsOf(ALPHABET.indexOf(character), 6)).join('')
  if (!bits.startsWith('0000')) return undefined
  const hex = bits.slice(LONGEST_BITS - 128).replace(/.{4}/g, (group) => Number.parseInt(group, 2).toString(16))
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
