import { BellOutlined } from '@ant-design/icons'
import type { Mention } from '@zhanggui/contract'
import { Badge, Button, Empty, Popover } from 'antd'
import { useState } from 'react'
import { t } from '../i18n/index.ts'
import { useRead, useWrite } from '../kit/api.ts'
import { Timeline } from '../kit/timeline.tsx'
import { useMaybeShop } from './session.tsx'

const POLL_MS = 60_000
const SHOWN = 10
const PLACES: Record<Mention['entity'], string> = { order: 'orders', product: 'products', buyer: 'buyers' }

/** Notes that name oneself; opening the list reads them. */
export function MentionsBell() {
  const shop = useMaybeShop()
  return shop ? <Bell shopId={shop.id} slug={shop.slug} /> : null
}

function Bell({ shopId, slug }: { shopId: string; slug: string }) {
  const [open, setOpen] = useState(false)
  const read = useRead('console.mentions', { params: { shopId }, query: { limit: SHOWN } }, { refetchMs: POLL_MS })
  const markRead = useWrite('console.readMentions', ['console.mentions'])
  const unread = read.data?.unread ?? 0
  const toggle = (next: boolean) => {
    setOpen(next)
    // Marked when the list is closed, so that what is new can be told from what is old while one looks.
    if (!next && unread > 0) markRead.mutate({ params: { shopId } })
  }
  const list = (
    <div className="mentions">
      <Timeline
        label={t('mentions.title')}
        entries={(read.data?.items ?? []).map((each) => ({
          key: each.noteId,
          at: each.at,
          who: each.authorName,
          what: each.text,
          to: `/s/${slug}/${PLACES[each.entity]}/${each.entityId}`,
          tone: each.read ? 'plain' : 'warn',
        }))}
        empty={<Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('mentions.none')} />}
      />
    </div>
  )
  const text = unread > 0 ? t('mentions.unread', { count: unread }) : t('mentions.title')
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('mentions.title')}
      content={list}
      open={open}
      onOpenChange={toggle}
    >
      <Button
        type="text"
        aria-label={text}
        icon={
          <Badge count={unread} size="small" overflowCount={99}>
            <BellOutlined />
          </Badge>
        }
      />
    </Popover>
  )
}
