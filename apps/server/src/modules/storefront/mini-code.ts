import { encodePageScene, encodeScene } from '@zhanggui/contract/mini-scene'
import { AppError } from '../../kernel/errors.ts'
import type { StorefrontDeps } from './deps.ts'
import { type SharedPage, shareByCode } from './store.ts'

/** Of a share's code so many characters fit into a scene beside the page and its id. */
export const SCENE_CODE_LENGTH = 8
const MAX_REMEMBERED = 500
/** Where scenes are read: the first page of the mini program, which leads on. */
const ENTRY_PAGE = 'pages/home/index'

export interface MiniCodes {
  /** The picture of a share's code. @throws AppError NOT_FOUND, UNAVAILABLE when WeChat does not draw it */
  pictureOf(shopId: string, code: string): Promise<Buffer>
}

/** The scene that leads to what was shared; undefined for the home page, and for a slug that does not fit into one. */
export function sceneOf(page: SharedPage, subject: string, code: string): string | undefined {
  const source = code.slice(0, SCENE_CODE_LENGTH)
  try {
    if (page === 'detail') return encodeScene('d', subject, source)
    return page === 'page' ? encodePageScene(subject, source) : undefined
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/**
 * Codes as WeChat draws them, each drawn once while it is remembered: the same share always looks the same, and WeChat
 * counts how often it is asked. Many who ask at once wait for one drawing.
 */
export function createMiniCodes(deps: StorefrontDeps): MiniCodes {
  const drawn = new Map<string, Promise<Buffer>>()
  return {
    async pictureOf(shopId, code) {
      const share = await deps.db.read({ shopId }, (tx) => shareByCode(tx, shopId, code))
      const scene = share && sceneOf(share.page, share.subject, code)
      if (scene === undefined) throw new AppError('NOT_FOUND', { values: { what: '小程序码' } })
      const key = `${shopId}/${code}`
      const known = drawn.get(key)
      if (known) return known
      const drawing = draw(deps, scene)
      if (drawn.size >= MAX_REMEMBERED) drawn.delete(drawn.keys().next().value!)
      drawn.set(key, drawing)
      drawing.catch(() => drawn.delete(key))
      return drawing
    },
  }
}

async function draw({ miniCode }: StorefrontDeps, scene: string): Promise<Buffer> {
  const unavailable = (reason: string, cause?: unknown) =>
    new AppError('UNAVAILABLE', { values: { what: '小程序码', reason }, cause })
  if (!miniCode) throw unavailable('尚未配置小程序')
  try {
    return await miniCode({ scene, page: ENTRY_PAGE })
  } catch (error) {
    throw unavailable('微信暂时没有生成，请稍后再试', error)
  }
}
