import type { ConsoleReview, OwnReview, Picture, StoreReview } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { ReviewsDeps } from './deps.ts'
import { daysAfter, hoursAfter, maskName } from './rules.ts'
import type { ReviewRow } from './store.ts'
import { splitPhrase } from './store-scores.ts'

const DAY_MS = 86_400_000
type Pictures = ReadonlyMap<string, Picture>
type Deps = Pick<ReviewsDeps, 'files'>

/** Everything that reviews of one page show from the files, in one query. */
export function mediaOf(
  tx: Tx,
  deps: Deps,
  shopId: string,
  rows: readonly ReviewRow[],
  more: readonly (string | null)[] = [],
): Promise<Pictures> {
  const ids = rows.flatMap((row) => [
    ...row.pictureFileIds,
    ...row.additionPictureFileIds,
    ...(row.videoFileId === null ? [] : [row.videoFileId]),
  ])
  return deps.files.pictures(tx, shopId, [...ids, ...more.filter((id) => id !== null)])
}

const chosen = (ids: readonly string[], pictures: Pictures): Picture[] => ids.flatMap((id) => pictures.get(id) ?? [])

function said(row: ReviewRow, pictures: Pictures, showsAddition: boolean) {
  return {
    id: row.id,
    goodsStars: row.goodsStars,
    text: row.body,
    tags: row.tags,
    pictures: chosen(row.pictureFileIds, pictures),
    videoUrl: row.videoFileId === null ? null : (pictures.get(row.videoFileId)?.url ?? null),
    options: row.options,
    createdAt: row.createdAt,
    reply: row.repliedAt === null ? null : { text: row.reply, at: row.repliedAt },
    addition:
      row.additionAt === null || !showsAddition
        ? null
        : {
            text: row.addition,
            pictures: chosen(row.additionPictureFileIds, pictures),
            at: row.additionAt,
            daysLater: Math.floor((Date.parse(row.additionAt) - Date.parse(row.createdAt)) / DAY_MS),
          },
  }
}

/** As everybody sees it. */
export const storeView = (
  row: ReviewRow,
  pictures: Pictures,
  viewer: { buyerId: string | undefined; voted: ReadonlySet<string> },
): StoreReview => ({
  ...said(row, pictures, row.additionState === 'approved'),
  author: row.isAnonymous ? '匿名用户' : row.author,
  isPinned: row.isPinned,
  helpfulCount: row.helpfulCount,
  isVoted: viewer.voted.has(row.id),
  isOwn: row.buyerId === viewer.buyerId,
})

/** As its writer sees it; `additionDays` is for how long something can be added. */
export const ownView = (
  row: ReviewRow,
  pictures: Pictures,
  { additionDays, at, picture }: { additionDays: number; at: string; picture: Picture | null },
): OwnReview => {
  const until = daysAfter(row.createdAt, additionDays)
  const mayAdd = row.additionAt === null && row.state !== 'rejected' && row.source === 'buyer' && at < until
  return {
    ...said(row, pictures, true),
    orderId: row.orderId,
    line: row.line,
    productId: row.productId,
    title: row.title,
    picture,
    source: row.source,
    isAnonymous: row.isAnonymous,
    state: row.state,
    rejectReason: row.rejectReason || row.additionRejectReason,
    additionState: row.additionState,
    addUntil: mayAdd ? until : null,
    helpfulCount: row.helpfulCount,
  }
}

/** As staff see it. */
export const consoleView = (
  row: ReviewRow,
  pictures: Pictures,
  more: { nickname: string; reasons: readonly string[]; picture: Picture | null; lowStarHours: number; at: string },
): ConsoleReview => {
  const isLow = row.goodsStars <= 2 && row.source === 'buyer' && row.repliedAt === null && row.state !== 'rejected'
  const answerBy = isLow ? hoursAfter(row.createdAt, more.lowStarHours) : null
  return {
    ...said(row, pictures, true),
    productId: row.productId,
    title: row.title,
    picture: more.picture,
    orderId: row.orderId,
    orderNo: row.orderNo,
    buyerNickname: more.nickname || row.author || maskName(''),
    isAnonymous: row.isAnonymous,
    source: row.source,
    serviceStars: row.serviceStars,
    logisticsStars: row.logisticsStars,
    state: row.state,
    rejectReason: row.rejectReason || row.additionRejectReason,
    findings: row.findings,
    phrases: row.phrases.map((phrase) => splitPhrase(phrase).phrase),
    polarity: row.polarity,
    additionState: row.additionState,
    additionFindings: row.additionFindings,
    isPinned: row.isPinned,
    helpfulCount: row.helpfulCount,
    reportCount: row.reportCount,
    reportReasons: [...more.reasons],
    decidedBy: row.decidedBy,
    repliedBy: row.repliedBy,
    answerBy,
    isLate: answerBy !== null && answerBy < more.at,
  }
}
