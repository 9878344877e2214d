import type { AuditEntry } from '@zhanggui/contract'
import { Tag } from 'antd'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { hasMessage, t } from '../../i18n/index.ts'
import { ChangeList } from '../../kit/change-list.tsx'
import { changesBetween } from '../../kit/diff.ts'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

/** What is audited; an entity the server adds later can still be seen without the filter. */
const ENTITIES = [
  ...['product', 'category', 'tag-dimension', 'bulk-edit', 'import', 'export', 'price-rule', 'member-level'],
  ...['warehouse', 'order', 'parcel', 'wave', 'ship-file', 'exception', 'review', 'buyer', 'page', 'legal-text'],
  ...['setting', 'freight-template', 'routing-rules', 'pick-up-point', 'same-city-area', 'search-settings'],
  ...['channel-account', 'staff', 'role'],
]

const entityText = (entity: string): string => {
  const key = `entity.${entity}`
  return hasMessage(key) ? t(key) : entity
}

const columns = (): Column<AuditEntry>[] => [
  { key: 'at', title: t('audit.at'), width: 170, render: (row) => <InstantText at={row.at} seconds /> },
  {
    key: 'summary',
    title: t('audit.summary'),
    role: 'title',
    render: (row) => <span className="clamp">{row.summary}</span>,
  },
  {
    key: 'actor',
    field: 'actorName',
    title: t('audit.actor'),
    width: 150,
    render: (row) => (
      <>
        {row.actorName} {row.actorKind !== 'staff' && <Tag>{t(`audit.kind.${row.actorKind}`)}</Tag>}
      </>
    ),
  },
  { key: 'entity', title: t('audit.entity'), width: 110, render: (row) => entityText(row.entity) },
  { key: 'action', title: t('audit.action'), role: 'hidden', render: (row) => <code>{row.action}</code> },
  { key: 'ip', title: t('audit.ip'), width: 140, render: (row) => <span className="num soft">{row.ip ?? '—'}</span> },
]

function changesOf(row: AuditEntry) {
  const changes = changesBetween(row.before, row.after)
  return changes.length === 0 ? null : <ChangeList changes={changes} />
}

/** Who did what. */
export default function AuditPage() {
  const { shopId } = useShop()
  return (
    <Page title={t('nav.audit')} hint={t('audit.hint')}>
      <ResourceTable
        name="audit"
        route="console.audit"
        input={(filters) => ({
          params: { shopId },
          query: { actor: filters.actor, entity: filters.entity, entityId: filters.id },
        })}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[
          { kind: 'search', name: 'actor', label: t('audit.search') },
          {
            kind: 'choice',
            name: 'entity',
            label: t('audit.entity'),
            options: ENTITIES.map((value) => ({ value, label: entityText(value) })),
          },
        ]}
        expand={changesOf}
        empty={{ title: t('audit.none') }}
      />
    </Page>
  )
}
