import { PlusOutlined } from '@ant-design/icons'
import type { PriceRuleRow } from '@zhanggui/contract'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import type { Filter } from '../../kit/filters.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { ruleSentence } from './rule-sentence.ts'
import { useLevelNames } from './use-level-names.ts'

const STATES = ['running', 'upcoming', 'ended', 'stopped'] as const
const KINDS = ['scheduled', 'member', 'region', 'channel'] as const
const COLOURS = { running: 'success', upcoming: 'processing', ended: 'default', stopped: 'orange' } as const

export function RuleStateTag({ state }: { state: PriceRuleRow['state'] }) {
  return <Tag color={COLOURS[state]}>{t(`price.state.${state}`)}</Tag>
}

export function RuleWindow({ rule }: { rule: Pick<PriceRuleRow, 'startsAt' | 'endsAt'> }) {
  if (rule.startsAt === null && rule.endsAt === null) return <span className="soft">{t('price.always')}</span>
  return (
    <span>
      <InstantText at={rule.startsAt} /> – <InstantText at={rule.endsAt} />
    </span>
  )
}

const columns = (levelNames: ReadonlyMap<string, string>): Column<PriceRuleRow>[] => [
  {
    key: 'label',
    title: t('price.search'),
    role: 'title',
    render: (row) => <span className="strong">{row.label}</span>,
  },
  { key: 'state', title: t('price.state'), width: 90, render: (row) => <RuleStateTag state={row.state} /> },
  { key: 'words', title: t('price.words'), render: (row) => ruleSentence(row, levelNames) },
  {
    key: 'window',
    field: [
      { field: 'startsAt', title: t('price.startsAt') },
      { field: 'endsAt', title: t('price.endsAt') },
    ],
    title: t('price.window'),
    render: (row) => <RuleWindow rule={row} />,
  },
  {
    key: 'goods',
    field: 'productCount',
    title: t('price.goods'),
    align: 'right',
    render: (row) => t('price.goodsCount', { count: row.productCount }),
  },
]

const filters = (): Filter[] => [
  { kind: 'search', name: 'q', label: t('price.search') },
  {
    kind: 'choice',
    name: 'state',
    label: t('price.state'),
    options: STATES.map((value) => ({ value, label: t(`price.state.${value}`) })),
  },
  {
    kind: 'choice',
    name: 'kind',
    label: t('price.kind'),
    options: KINDS.map((value) => ({ value, label: t(`price.kind.${value}`) })),
  },
]

/** Stopping a rule and letting it go on, with a way back. */
export function useRuleSwitch() {
  const { shopId } = useShop()
  const { confirm, done, failed } = useFeedback()
  const write = useWrite('console.switchPriceRule', [
    'console.priceRules',
    'console.productPrices',
    'console.priceRule',
  ])
  const set = (rule: PriceRuleRow, active: boolean) =>
    write.mutateAsync({ params: { shopId, ruleId: rule.id }, body: { active, version: rule.version } })
  return (rule: PriceRuleRow) => {
    if (rule.state === 'stopped') return void set(rule, true).then(() => done(t('price.resumed')), failed)
    confirm({
      title: t('price.stopAsk', { label: rule.label }),
      okText: t('price.stop'),
      danger: true,
      run: async () => {
        await set(rule, false)
        done(t('price.stopped'))
      },
    })
  }
}

/** All price rules of the shop. */
export default function PriceRulesPage() {
  const { shopId, may } = useShop()
  const [edited, setEdited] = useState<string>()
  const toggle = useRuleSwitch()
  const levelNames = useLevelNames()
  const writable = may('catalog.write')
  const create = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
      {t('price.create')}
    </Button>
  )
  return (
    <Page title={t('nav.prices')} hint={t('price.kindHint')} actions={writable && create}>
      <ResourceTable
        name="price-rules"
        route="console.priceRules"
        input={({ q, state, kind }) => ({
          params: { shopId },
          query: {
            q,
            state: state as PriceRuleRow['state'] | undefined,
            kind: kind as PriceRuleRow['kind'] | undefined,
          },
        })}
        rowKey={(row) => row.id}
        columns={columns(levelNames)}
        filters={filters()}
        onRow={(row) => setEdited(row.id)}
        {...(writable
          ? {
              actions: (row: PriceRuleRow) => [
                {
                  key: 'switch',
                  label: t(row.state === 'stopped' ? 'price.resume' : 'price.stop'),
                  danger: row.state !== 'stopped',
                  main: true,
                  run: () => toggle(row),
                },
              ],
            }
          : {})}
        empty={{ title: t('price.none'), hint: t('price.noneHint'), action: writable ? create : undefined }}
      />
      {edited === 'new' && <RuleDialog rule={undefined} onClose={() => setEdited(undefined)} />}
      {edited !== undefined && edited !== 'new' && <StoredRule ruleId={edited} onClose={() => setEdited(undefined)} />}
    </Page>
  )
}

/** A stored rule, read anew each time it is opened. */
export function StoredRule({ ruleId, onClose }: { ruleId: string; onClose: () => void }) {
  const { shopId } = useShop()
  const read = useRead('console.priceRule', { params: { shopId, ruleId } }, { once: true })
  return read.data ? <RuleDialog rule={read.data} onClose={onClose} /> : null
}
