import type { RoutingRule, RoutingRuleSet } from '@zhanggui/contract'
import { Button, Drawer, Empty, Tag } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { cursorOf, FIRST_PAGE } from '../../kit/cursor-stack.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { Pager } from '../../kit/pager.tsx'
import { Timeline } from '../../kit/timeline.tsx'
import { conditionsText, effectText } from './rule-words.ts'
import { useRuleNames } from './use-rule-names.ts'

interface Props {
  /** The version in force. */
  version: number
  /** Puts the rules of a version on the page, where they can be tried and saved as the newest. */
  onTake: (rules: RoutingRule[]) => void
  onClose: () => void
}

/** Every version of the routing rules, newest first. */
export function RoutingHistory({ version, onTake, onClose }: Props) {
  const { shopId, may } = useShop()
  const [stack, setStack] = useState(FIRST_PAGE)
  const read = useRead('console.routingVersions', { params: { shopId }, query: { cursor: cursorOf(stack), limit: 10 } })
  return (
    <Drawer open size={560} title={t('routing.history')} onClose={onClose}>
      <Loaded query={read}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('routing.noHistory')} />
          ) : (
            <>
              <Timeline
                label={t('routing.history')}
                entries={items.map((set) => ({
                  key: set.version,
                  at: set.changedAt ?? '',
                  who: set.changedBy,
                  what: (
                    <span className="row-actions">
                      <span className="strong">{t('routing.version', { version: set.version })}</span>
                      {set.version === version && <Tag color="green">{t('routing.inForce')}</Tag>}
                      {set.version !== version && may('settings.write') && (
                        <Button size="small" type="link" onClick={() => onTake(set.rules as RoutingRule[])}>
                          {t('routing.take')}
                        </Button>
                      )}
                    </span>
                  ),
                  detail: <Rules set={set} />,
                }))}
              />
              <Pager stack={stack} nextCursor={nextCursor} onMove={setStack} />
            </>
          )
        }
      </Loaded>
    </Drawer>
  )
}

function Rules({ set }: { set: RoutingRuleSet }) {
  const names = useRuleNames()
  return (
    <div className="stack-xs">
      {set.note !== '' && <span className="soft">{set.note}</span>}
      <ol className="plain small">
        {(set.rules as RoutingRule[]).map((rule, index) => (
          <li key={rule.id} className={rule.enabled ? '' : 'faint'}>
            {t('routing.numbered', {
              number: index + 1,
              name: rule.name,
              sentence: `${conditionsText(rule, names)}${effectText(rule.effects, names)}`,
            })}
          </li>
        ))}
      </ol>
    </div>
  )
}
