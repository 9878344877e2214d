import { PlusOutlined } from '@ant-design/icons'
import { ROUTES } from '@zhanggui/contract'
import { Button, Form, Input, Tag } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { ForbiddenPage } from '../../app/error-pages.tsx'
import { Page } from '../../app/page.tsx'
import { usePlatform, useSession } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { type Output, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

type ShopRow = Output<'platform.shops'>['items'][number]

const columns = (): Column<ShopRow>[] => [
  {
    key: 'name',
    title: t('shop.name'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <span className="strong">{row.name}</span>
        <span className="faint">{row.slug}</span>
      </span>
    ),
  },
  {
    key: 'state',
    title: t('shop.state'),
    width: 100,
    render: (row) => <Tag color={row.state === 'open' ? 'success' : 'default'}>{t(`shop.state.${row.state}`)}</Tag>,
  },
  {
    key: 'created',
    field: 'createdAt',
    title: t('shop.createdAt'),
    width: 150,
    render: (row) => <InstantText at={row.createdAt} />,
  },
]

/** All shops, for the platform's own staff. */
export default function ShopsPage() {
  const may = usePlatform()
  const session = useSession()
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  if (!may('platform.shops')) return <ForbiddenPage permission="platform.shops" />
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
      {t('shop.create')}
    </Button>
  )
  return (
    <Page title={t('nav.shops')} actions={add}>
      <ResourceTable
        name="shops"
        route="platform.shops"
        input={(filters) => ({ query: { q: filters.q } })}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[{ kind: 'search', name: 'q', label: t('shop.search') }]}
        actions={(row) =>
          session.shops.some((shop) => shop.id === row.id)
            ? [
                {
                  key: 'enter',
                  label: t('shop.enter'),
                  main: true,
                  run: () => void navigate(`/s/${row.slug}`),
                },
              ]
            : []
        }
        empty={{ title: t('shop.none'), action: add }}
      />
      {creating && <CreateShopDialog onClose={() => setCreating(false)} />}
    </Page>
  )
}

function CreateShopDialog({ onClose }: { onClose: () => void }) {
  const { done } = useFeedback()
  const create = useWrite('platform.createShop', ['platform.shops', 'staff.me'])
  return (
    <FormDialog
      title={t('shop.create')}
      schema={ROUTES['platform.createShop'].body}
      initial={{ name: '', slug: '', owner: { account: '', name: '', password: '' } }}
      submit={(body) => create.mutateAsync({ body })}
      onDone={() => done(t('shop.created'))}
      onClose={onClose}
    >
      <div className="pair">
        <Form.Item name="name" label={t('shop.name')}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="slug" label={t('shop.slug')} extra={t('shop.slugHint')}>
          <Input maxLength={40} autoCapitalize="none" />
        </Form.Item>
      </div>
      <div className="pair">
        <Form.Item name={['owner', 'name']} label={t('shop.ownerName')}>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name={['owner', 'account']} label={t('shop.ownerAccount')}>
          <Input maxLength={64} autoCapitalize="none" autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name={['owner', 'password']} label={t('shop.ownerPassword')} extra={t('account.passwordHint')}>
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
    </FormDialog>
  )
}
