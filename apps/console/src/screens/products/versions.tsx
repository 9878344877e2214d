import { Button, Drawer, Empty } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { ChangeList } from '../../kit/change-list.tsx'
import { cursorOf, FIRST_PAGE, nextPage, previousPage } from '../../kit/cursor-stack.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { Timeline } from '../../kit/timeline.tsx'
import { VersionActions } from './version-actions.tsx'

/** Who changed what in a product. */
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
  const read = useRead('console.productVersions', { params: { shopId, productId }, query: { cursor: cursorOf(stack) } })
  return (
    <Drawer open size={520} title={t('product.versions')} onClose={onClose}>
      <Loaded query={read}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('product.noVersions')} />
          ) : (
            <>
              <Timeline
                label={t('product.versions')}
                entries={items.map((each) => ({
                  key: each.version,
                  at: each.at,
                  who: each.actorName,
                  what: <span className="strong">{t('product.version', { version: each.version })}</span>,
                  detail: (
                    <div className="stack-xs">
                      <ChangeList changes={each.changes} />
                      {each.version < version && (
                        <VersionActions
                          productId={productId}
                          version={each.version}
                          now={version}
                          onRestored={onRestored}
                        />
                      )}
                    </div>
                  ),
                }))}
              />
              <div className="row-end">
                {stack.length > 0 && (
                  <Button onClick={() => setStack(previousPage(stack))}>{t('list.previous')}</Button>
                )}
                {nextCursor !== null && (
                  <Button onClick={() => setStack(nextPage(stack, nextCursor))}>{t('list.next')}</Button>
                )}
              </div>
            </>
          )
        }
      </Loaded>
    </Drawer>
  )
}
