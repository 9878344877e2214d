import {
  NOTICE_KINDS,
  NOTICE_OCCASIONS,
  NOTICE_STATES,
  type Notice,
  type NoticeKind,
  type NoticeKindView,
  type NoticeState,
} from '@zhanggui/contract'
import { Alert, Button, Card, Drawer, Table, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { useIsPhone } from '../../kit/media.ts'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { SettingRow } from '../settings/setting-row.tsx'

const STATE_COLOURS: Record<NoticeState, string> = {
  waiting: 'gold',
  sent: 'success',
  'not-allowed': 'default',
  failed: 'red',
}

/** What buyers are told in WeChat: which kinds there are, with what template, and what became of each message. */
export default function MessagesPage() {
  const { shopId } = useShop()
  const kinds = useRead('console.noticeKinds', { params: { shopId } })
  return (
    <Page title={t('nav.messages')} hint={t('message.hint')}>
      <div className="stack-l">
        <Loaded query={kinds}>
          {({ connected, items }) => (
            <>
              {!connected && <Alert type="warning" showIcon title={t('message.notConnected')} />}
              <Card title={t('message.kinds')} data-testid="message-kinds">
                <Kinds items={items} />
              </Card>
            </>
          )}
        </Loaded>
        <ResourceTable
          name="notices"
          route="console.notices"
          input={({ q, kind, state }) => ({
            params: { shopId },
            query: { q, kind: kind as NoticeKind | undefined, state: state as NoticeState | undefined },
          })}
          rowKey={(row) => row.id}
          columns={columns()}
          filters={[
            { kind: 'search', name: 'q', label: t('message.search') },
            { kind: 'choice', name: 'kind', label: t('message.kind'), options: options(NOTICE_KINDS) },
            { kind: 'choice', name: 'state', label: t('message.state'), options: options(NOTICE_STATES) },
          ]}
          empty={{ title: t('message.none'), hint: t('message.noneHint') }}
        />
      </div>
    </Page>
  )
}

const options = (words: Record<string, { zh: string; en: string }>) =>
  Object.entries(words).map(([value, label]) => ({ value, label: say(label) }))

function Kinds({ items }: { items: NoticeKindView[] }) {
  const { may } = useShop()
  const phone = useIsPhone()
  const [editing, setEditing] = useState<NoticeKind>()
  const edit = (kind: NoticeKind) =>
    may('settings.read') && (
      <Button size="small" type="link" onClick={() => setEditing(kind)}>
        {t('message.template')}
      </Button>
    )
  return (
    <>
      {phone ? (
        <div className="stack-l">
          {items.map((item) => (
            <div key={item.kind} className="stack-xs">
              <span className="row-between">
                <span className="strong">{say(NOTICE_KINDS[item.kind])}</span>
                {edit(item.kind)}
              </span>
              <span className="faint small">{say(NOTICE_OCCASIONS[item.kind])}</span>
              <span className="small">
                {t('message.templateId')} <TemplateTag item={item} />
              </span>
              <Counts item={item} />
            </div>
          ))}
        </div>
      ) : (
        <Table
          size="small"
          rowKey="kind"
          pagination={false}
          dataSource={items}
          columns={[
            {
              title: t('message.kind'),
              render: (_, item) => (
                <span className="cell-text">
                  <span className="strong">{say(NOTICE_KINDS[item.kind])}</span>
                  <span className="faint small">{say(NOTICE_OCCASIONS[item.kind])}</span>
                </span>
              ),
            },
            { title: t('message.templateId'), render: (_, item) => <TemplateTag item={item} /> },
            { title: t('message.lately'), render: (_, item) => <Counts item={item} /> },
            { title: '', align: 'right', render: (_, item) => edit(item.kind) },
          ]}
        />
      )}
      {editing && <TemplateDrawer kind={editing} onClose={() => setEditing(undefined)} />}
    </>
  )
}

const TemplateTag = ({ item }: { item: NoticeKindView }) =>
  item.templateId === '' ? <Tag>{t('message.off')}</Tag> : <code className="small">{item.templateId}</code>

function Counts({ item: { counts } }: { item: NoticeKindView }) {
  const { sent, waiting, notAllowed, failed } = counts
  if (sent + waiting + notAllowed + failed === 0) return <span className="faint">—</span>
  return (
    <span className="num small">
      {t('message.sentCount', { count: sent })}
      {waiting > 0 && ` · ${t('message.waitingCount', { count: waiting })}`}
      {notAllowed > 0 && ` · ${t('message.notAllowedCount', { count: notAllowed })}`}
      {failed > 0 && <span className="red"> · {t('message.failedCount', { count: failed })}</span>}
    </span>
  )
}

/** The two settings of a kind, as the settings page has them. */
function TemplateDrawer({ kind, onClose }: { kind: NoticeKind; onClose: () => void }) {
  const { shop, shopId, may } = useShop()
  const read = useRead('console.settings', { params: { shopId } })
  const write = useWrite('console.setSetting', ['console.settings', 'console.noticeKinds'])
  const names = [`notifications.${kind}-template`, `notifications.${kind}-fields`]
  return (
    <Drawer open size={560} title={say(NOTICE_KINDS[kind])} onClose={onClose}>
      <Loaded query={read}>
        {({ items }) => (
          <div className="stack-l">
            <p className="soft">{t('message.templateHint')}</p>
            {items
              .filter(({ name }) => names.includes(name))
              .map((setting) => (
                <SettingRow
                  key={setting.name}
                  setting={setting}
                  writable={may('settings.write')}
                  scope="shop"
                  save={(value, version) =>
                    write.mutateAsync({ params: { shopId, name: setting.name }, body: { value, version } })
                  }
                />
              ))}
            <Link to={`/s/${shop.slug}/settings?group=notifications`}>{t('message.allSettings')}</Link>
          </div>
        )}
      </Loaded>
    </Drawer>
  )
}

const columns = (): Column<Notice>[] => [
  {
    key: 'kind',
    title: t('message.kind'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <span className="cell-title">{say(NOTICE_KINDS[row.kind])}</span>
        <span className="faint num">{row.subject}</span>
      </span>
    ),
  },
  { key: 'buyer', field: 'buyerNickname', title: t('message.buyer'), render: (row) => row.buyerNickname || '–' },
  {
    key: 'state',
    title: t('message.state'),
    render: (row) => (
      <span className="cell-text">
        <span>
          <Tag color={STATE_COLOURS[row.state]}>{say(NOTICE_STATES[row.state])}</Tag>
        </span>
        {row.error && <span className="faint small">{row.error}</span>}
      </span>
    ),
  },
  {
    key: 'created',
    field: 'createdAt',
    title: t('message.createdAt'),
    width: 150,
    render: (row) => <InstantText at={row.createdAt} />,
  },
  {
    key: 'sent',
    field: 'sentAt',
    title: t('message.sentAt'),
    width: 150,
    render: (row) => <InstantText at={row.sentAt} />,
  },
]
