import Taro from '@tarojs/taro'
import type { NoticeTemplate } from '@zhanggui/contract'
import { createClient } from '@zhanggui/contract/client'
import { uuidv7 } from '@zhanggui/tracker'
import type { Platform } from '../port.ts'
import { sendByWx } from './send.ts'

type Answer = 'accept' | 'reject' | 'ban' | 'filter'
const ANSWERS: readonly string[] = ['accept', 'reject', 'ban', 'filter']
/** WeChat asks for three templates in one window. */
const MOST_AT_ONCE = 3

const api = createClient({ send: sendByWx })
let known: { shopId: string; templates: NoticeTemplate[] } | undefined
let underWay: string | undefined

/** Fetches what can be asked for: WeChat's window must open right after a tap, with no answer to wait for. */
export async function prepareNotices(shopId: string): Promise<void> {
  if (known?.shopId === shopId || underWay === shopId) return
  underWay = shopId
  try {
    known = { shopId, templates: (await api('store.noticeTemplates', { params: { shopId } })).items }
  } catch {
    // without an answer nobody is asked; the next page tries again
  } finally {
    underWay = undefined
  }
}

/** Asks the buyer, and tells the shop. A refusal, or a phone on which messages are off, changes nothing. */
export const askToNotify: Platform['askToNotify'] = async (kinds) => {
  const wanted = known?.templates.filter(({ kind }) => kinds.includes(kind)).slice(0, MOST_AT_ONCE) ?? []
  if (!known || wanted.length === 0) return
  const { shopId } = known
  try {
    const result = (await Taro.requestSubscribeMessage({
      tmplIds: wanted.map(({ templateId }) => templateId),
      // of another platform, and demanded by Taro's types
      entityIds: [],
    })) as unknown as Record<string, string>
    const answers = wanted
      .map(({ templateId }) => ({ templateId, answer: result[templateId] as Answer }))
      .filter(({ answer }) => ANSWERS.includes(answer))
    if (answers.length > 0)
      await api('buyer.answerNotices', {
        params: { shopId },
        body: { answers },
        idempotencyKey: uuidv7(Date.now()),
      })
  } catch {
    // a convenience: what the buyer was doing goes on
  }
}
