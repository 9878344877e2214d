import { type Freeze, type FreezeState, ROUTES } from '@zhanggui/contract'
import { Button, Drawer, Form, Input, Space } from 'antd'
import { useState } from 'react'
import { ForbiddenPage } from '../../app/error-pages.tsx'
import { Page } from '../../app/page.tsx'
import { usePlatform } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { routeUrl, useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { ResourceTable } from '../../kit/resource-table.tsx'
import { FreezeCards } from '../settlement/freeze.tsx'
import { freezeColumns, freezeFilters } from '../settlement/freezes.tsx'

const STALE = ['platform.freezes', 'platform.freeze'] as const

/** Freezes of all shops, decided over by the platform. */
export default function PlatformFreezesPage() {
  const may = usePlatform()
  const [open, setOpen] = useState<Freeze>()
  if (!may('platform.money')) return <ForbiddenPage permission="platform.money" />
  const shop = { key: 'shopName' as const, title: t('settle.shop'), render: (row: Freeze) => row.shopName }
  return (
    <Page title={t('nav.platformFreezes')}>
      <ResourceTable
        name="platform-freezes"
        route="platform.freezes"
        input={({ state, q }) => ({ query: { q, state: state as FreezeState | undefined } })}
        rowKey={(row) => row.id}
        columns={[...freezeColumns(), shop]}
        filters={freezeFilters()}
        onRow={setOpen}
        exportable={false}
        empty={{ title: t('settle.freezesNone'), hint: t('settle.platformFreezesHint') }}
      />
      {open && <FreezeDrawer freezeId={open.id} onClose={() => setOpen(undefined)} />}
    </Page>
  )
}

function FreezeDrawer({ freezeId, onClose }: { freezeId: string; onClose: () => void }) {
  const { done } = useFeedback()
  const [deciding, setDeciding] = useState<'prolong' | 'release'>()
  const read = useRead('platform.freeze', { params: { freezeId } })
  const prolong = useWrite('platform.prolongFreeze', STALE)
  const release = useWrite('platform.releaseFreeze', STALE)
  const freeze = read.data
  const words = deciding && t(`settle.${deciding}`)
  return (
    <Drawer
      open
      size="large"
      title={freeze?.number}
      onClose={onClose}
      extra={
        freeze?.state === 'active' && (
          <Space>
            <Button disabled={freeze.prolongationsLeft === 0} onClick={() => setDeciding('prolong')}>
              {t('settle.prolong')}
            </Button>
            <Button type="primary" onClick={() => setDeciding('release')}>
              {t('settle.release')}
            </Button>
          </Space>
        )
      }
    >
      <Loaded query={read}>
        {(shown) => (
          <FreezeCards
            freeze={shown}
            fileUrl={(documentId) => routeUrl('platform.freezeFile', { params: { freezeId, documentId } })}
          />
        )}
      </Loaded>
      {deciding && freeze && (
        <FormDialog
          title={`${words} · ${freeze.number}`}
          schema={ROUTES['platform.releaseFreeze'].body}
          initial={{ reason: '', version: freeze.version }}
          toInput={(values) => ({ ...values, version: freeze.version })}
          submit={(body) => (deciding === 'prolong' ? prolong : release).mutateAsync({ params: { freezeId }, body })}
          onDone={() => done(t('action.saved'))}
          onClose={() => setDeciding(undefined)}
          okText={words ?? ''}
        >
          <Form.Item name="reason" label={t('settle.reason')}>
            <Input.TextArea maxLength={300} rows={3} />
          </Form.Item>
        </FormDialog>
      )}
    </Drawer>
  )
}
