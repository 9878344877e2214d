import type { ProductMoment, ProductMomentKind } from '@zhanggui/contract'
import { Drawer, Empty, Segmented } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { ChangeList } from '../../kit/change-list.tsx'
import { cursorOf, FIRST_PAGE } from '../../kit/cursor-stack.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { Pager } from '../../kit/pager.tsx'
import { Timeline, type TimelineEntry } from '../../kit/timeline.tsx'
import { VersionActions } from './version-actions.tsx'

/** Everything that happened to a product: who changed what, how its stock moved, which rules set its prices. */
export function VersionsDrawer({
  productId,
  version,
  onClose,
  onRestored,
}: {
  productId: string
  /** The version that is there now. */
  version: number
  onClose: () => void
  onRestored: () => void
}) {
  const { shopId } = useShop()
  const [stack, setStack] = useState(FIRST_PAGE)
  const [kind, setKind] = useState<ProductMomentKind>()
  const read = useRead('console.productTimeline', {
    params: { shopId, productId },
    query: { cursor: cursorOf(stack), kind },
  })
  const choose = (value: ProductMomentKind | 'all') => {
    setKind(value === 'all' ? undefined : value)
    setStack(FIRST_PAGE)
  }
  const entryOf = (moment: ProductMoment): TimelineEntry => ({
    ...{ key: moment.key, at: moment.at, who: moment.who || undefined },
    ...(moment.version === null
      ? { what: <Moment moment={moment} />, tone: moment.kind === 'price' ? 'warn' : 'plain' }
      : {
          what: <span className="strong">{t('product.version', { version: moment.version })}</span>,
          tone: 'good',
          detail: (
            <div className="stack-xs">
              <ChangeList changes={moment.changes} />
              {moment.version < version && (
                <VersionActions productId={productId} version={moment.version} now={version} onRestored={onRestored} />
              )}
            </div>
          ),
        }),
  })
  return (
    <Drawer open size={520} title={t('product.versions')} onClose={onClose}>
      <Segmented
        className="timeline-kinds"
        value={kind ?? 'all'}
        options={(['all', 'edit', 'stock', 'price'] as const).map((value) => ({
          value,
          label: t(`product.moments.${value}`),
        }))}
        onChange={choose}
      />
      <Loaded query={read}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('product.noVersions')} />
          ) : (
            <>
              <Timeline label={t('product.versions')} entries={items.map(entryOf)} />
              <Pager stack={stack} nextCursor={nextCursor} onMove={setStack} />
            </>
          )
        }
      </Loaded>
    </Drawer>
  )
}

const Moment = ({ moment: { quantity, text } }: { moment: ProductMoment }) => (
  <span>
    {quantity !== null && (
      <span className={`num strong ${quantity < 0 ? 'red' : 'green'}`}>{`${quantity > 0 ? '+' : ''}${quantity} `}</span>
    )}
    {text}
  </span>
)
