import { type ConsoleReview, REVIEW_STATES, ReviewLevel } from '@zhanggui/contract'
import { Form, Input, Rate, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { z } from 'zod'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Thumb } from '../../kit/picture.tsx'
import { Film, PictureStrip } from '../../kit/picture-strip.tsx'
import { type BulkAction, type Column, ResourceTable, type RowAction } from '../../kit/resource-table.tsx'
import { onlyBuyer } from '../buyers/only-buyer.tsx'
import { Board } from './board.tsx'
import { GoodsFilter, goodsOf } from './sku-filter.tsx'
import './reviews.css'

const STALE = ['console.reviews', 'console.reviewBoard'] as const
const AT_ONCE = 100
const STATE_COLORS = { pending: 'orange', approved: 'green', rejected: 'default' } as const

function Pictures({ review }: { review: ConsoleReview }) {
  const pictures = [...review.pictures, ...(review.addition?.pictures ?? [])]
  if (pictures.length === 0 && review.videoUrl === null) return null
  return (
    <PictureStrip files={pictures} alt="">
      {review.videoUrl !== null && <Film url={review.videoUrl} />}
    </PictureStrip>
  )
}

function Content({ review }: { review: ConsoleReview }) {
  const { text, tags, addition, reply, findings, additionFindings, reportReasons, phrases } = review
  return (
    <div className="stack-s review-content">
      <span>
        <Rate disabled value={review.goodsStars} className="review-rate" />{' '}
        {review.isPinned && <Tag color="green">{t('review.pinned')}</Tag>}
        {review.answerBy !== null && (
          <Tag color={review.isLate ? 'red' : 'orange'}>
            {review.isLate ? t('review.late') : <InstantText at={review.answerBy} />}
          </Tag>
        )}
      </span>
      {review.source === 'default' ? (
        <span className="faint">{t('review.default')}</span>
      ) : (
        <span className="review-text">{text || <span className="faint">{t('review.noText')}</span>}</span>
      )}
      {tags.length + phrases.length > 0 && (
        <span>
          {[...new Set([...tags, ...phrases])].map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </span>
      )}
      <Pictures review={review} />
      {addition && (
        <span className="review-text">
          <span className="soft">{t('review.addition', { days: addition.daysLater })} </span>
          {addition.text}
        </span>
      )}
      {[...findings, ...additionFindings].map((finding) => (
        <Tag key={finding} color="red">
          {finding}
        </Tag>
      ))}
      {reportReasons.length > 0 && (
        <span className="soft">{t('review.reports', { reasons: reportReasons.join(' / ') })}</span>
      )}
      {review.rejectReason !== '' && <span className="soft">{review.rejectReason}</span>}
      {reply && (
        <span className="review-text soft">
          {t('review.replied')}
          {reply.text}
        </span>
      )}
    </div>
  )
}

const columns = (slug: string): Column<ConsoleReview>[] => [
  { key: 'text', title: t('review.content'), role: 'title', render: (row) => <Content review={row} /> },
  {
    key: 'goods',
    field: [
      { field: 'title', title: t('review.goods') },
      { field: 'orderNo', title: t('routing.orderNo') },
    ],
    title: t('review.goods'),
    width: 190,
    render: (row) => (
      <span className="cell-media review-goods">
        <Thumb picture={row.picture} />
        <span className="cell-text">
          <span className="cell-title">{row.title}</span>
          <span className="faint">{row.options}</span>
        </span>
      </span>
    ),
  },
  {
    key: 'buyerNickname',
    title: t('review.buyer'),
    width: 140,
    render: (row) => (
      <span className="cell-text">
        <span>
          {row.buyerNickname} {row.isAnonymous && <span className="faint">({t('review.anonymous')})</span>}
        </span>
        <Link className="num" to={`/s/${slug}/orders/${row.orderId}`}>
          {row.orderNo}
        </Link>
      </span>
    ),
  },
  {
    key: 'state',
    title: t('review.state'),
    width: 90,
    render: (row) => (
      <span className="cell-text">
        <Tag color={STATE_COLORS[row.state]}>{say(REVIEW_STATES[row.state])}</Tag>
        {row.additionState === 'pending' && <Tag color="orange">{t('review.additionPending')}</Tag>}
      </span>
    ),
  },
  {
    key: 'helpfulCount',
    title: t('review.helpful'),
    width: 56,
    align: 'right',
    render: (row) => <span className="num">{row.helpfulCount}</span>,
  },
  { key: 'createdAt', title: t('review.at'), width: 140, render: (row) => <InstantText at={row.createdAt} /> },
]

const RejectInput = z.object({ reason: z.string().trim().min(1).max(200) })
const ReplyInput = z.object({ text: z.string().trim().max(500) })

/** Reviews of the shop: the board, the queue to moderate, replies. */
export default function ReviewsPage() {
  const { shop, shopId, may } = useShop()
  const { done, failed } = useFeedback()
  const [rejecting, setRejecting] = useState<ConsoleReview[]>()
  const [replying, setReplying] = useState<ConsoleReview>()
  const moderate = useWrite('console.moderateReviews', STALE)
  const pin = useWrite('console.pinReview', STALE)
  const approve = async (rows: ConsoleReview[]) => {
    const reviewIds = rows.map(({ id }) => id)
    const { changed } = await moderate.mutateAsync({ params: { shopId }, body: { reviewIds, decision: 'approve' } })
    done(t('review.approved', { count: changed.length }))
  }
  const togglePin = async ({ id, isPinned }: ConsoleReview) => {
    await pin.mutateAsync({ params: { shopId, reviewId: id }, body: { pinned: !isPinned } })
    done(t('review.pinSaved'))
  }
  const bulk: BulkAction<ConsoleReview>[] = [
    {
      key: 'approve',
      label: t('review.approve'),
      chunk: AT_ONCE,
      confirm: (rows) => t('review.approveAsk', { count: rows.length }),
      run: approve,
    },
    { key: 'reject', label: t('review.reject'), danger: true, run: (rows) => setRejecting(rows.slice(0, AT_ONCE)) },
  ]
  const actions = (row: ConsoleReview): RowAction[] => {
    const isWaiting = row.state !== 'approved' || row.additionState === 'pending' || row.reportCount > 0
    return [
      ...(isWaiting
        ? [{ key: 'approve', label: t('review.approve'), main: true, run: () => void approve([row]).catch(failed) }]
        : []),
      {
        key: 'reply',
        label: t(row.reply ? 'review.replyEdit' : 'review.reply'),
        main: true,
        run: () => setReplying(row),
      },
      ...(row.state === 'approved' && row.source === 'buyer'
        ? [
            {
              key: 'pin',
              label: row.isPinned ? t('review.unpin') : t('review.pin'),
              run: () => void togglePin(row).catch(failed),
            },
          ]
        : []),
      { key: 'reject', label: t('review.reject'), danger: true, run: () => setRejecting([row]) },
    ]
  }
  return (
    <Page title={t('nav.reviews')}>
      <div className="stack-l">
        <Board />
        <ResourceTable
          name="reviews"
          route="console.reviews"
          input={({ q, state, level, todo, pictures, buyer, waiting, unanswered, phrase, goods, sort }) => ({
            params: { shopId },
            query: {
              q,
              state: state as ConsoleReview['state'] | undefined,
              level: level as ReviewLevel | undefined,
              phrase,
              ...goodsOf(goods),
              buyerId: buyer,
              sort: sort === 'old' ? 'old' : 'new',
              ...(todo === 'waiting' || waiting ? { waiting: 'true' } : {}),
              ...(todo === 'unanswered' || unanswered ? { unanswered: 'true' } : {}),
              ...(todo === 'reported' ? { reported: 'true' } : {}),
              ...(pictures ? { withPictures: 'true' } : {}),
            },
          })}
          rowKey={(row) => row.id}
          columns={columns(shop.slug)}
          filters={[
            { kind: 'search', name: 'q', label: t('review.search') },
            { kind: 'custom', name: 'goods', render: (value, set) => <GoodsFilter value={value} set={set} /> },
            onlyBuyer(),
            {
              kind: 'choice',
              name: 'todo',
              label: t('review.todo'),
              options: (['waiting', 'unanswered', 'reported'] as const).map((value) => ({
                value,
                label: t(`review.todo.${value}`),
              })),
            },
            {
              kind: 'choice',
              name: 'level',
              label: t('review.level'),
              options: ReviewLevel.options.map((value) => ({ value, label: t(`review.level.${value}`) })),
            },
            {
              kind: 'choice',
              name: 'state',
              label: t('review.state'),
              options: (Object.keys(REVIEW_STATES) as ConsoleReview['state'][]).map((value) => ({
                value,
                label: say(REVIEW_STATES[value]),
              })),
            },
            {
              kind: 'choice',
              name: 'pictures',
              label: t('review.pictures'),
              options: [{ value: 'true', label: t('review.pictures') }],
            },
          ]}
          {...(may('reviews.write') ? { bulk, actions } : {})}
          empty={{ title: t('review.none'), hint: t('review.noneHint') }}
        />
      </div>
      {rejecting && (
        <FormDialog
          title={t('review.rejectTitle', { count: rejecting.length })}
          schema={RejectInput}
          initial={{ reason: '' }}
          okText={t('review.reject')}
          danger
          submit={({ reason }) =>
            moderate.mutateAsync({
              params: { shopId },
              body: { reviewIds: rejecting.map(({ id }) => id), decision: 'reject', reason },
            })
          }
          onDone={() => done(t('review.rejected', { count: rejecting.length }))}
          onClose={() => setRejecting(undefined)}
        >
          <Form.Item name="reason" label={t('review.rejectReason')}>
            <Input.TextArea rows={3} maxLength={200} showCount autoFocus />
          </Form.Item>
        </FormDialog>
      )}
      {replying && <ReplyDialog review={replying} onClose={() => setReplying(undefined)} />}
    </Page>
  )
}

function ReplyDialog({ review, onClose }: { review: ConsoleReview; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const reply = useWrite('console.replyReview', STALE)
  return (
    <FormDialog
      title={t(review.reply ? 'review.replyEdit' : 'review.reply')}
      schema={ReplyInput}
      initial={{ text: review.reply?.text ?? '' }}
      submit={async ({ text }) => {
        await reply.mutateAsync({ params: { shopId, reviewId: review.id }, body: { text } })
        done(text.trim() === '' ? t('review.replyGone') : t('review.replySaved'))
      }}
      onClose={onClose}
    >
      <p className="soft review-text">{review.text || t('review.noText')}</p>
      <Form.Item name="text" label={t('review.reply')} extra={t('review.replyHint')}>
        <Input.TextArea rows={4} maxLength={500} showCount autoFocus />
      </Form.Item>
    </FormDialog>
  )
}
