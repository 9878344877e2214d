import { BookOutlined, DownOutlined, StarFilled, StarOutlined } from '@ant-design/icons'
import type { SavedView } from '@zhanggui/contract'
import { Button, Checkbox, Dropdown, Form, Input, Tag } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { useMaybeShop } from '../app/session.tsx'
import { t } from '../i18n/index.ts'
import { useRead, useWrite } from './api.ts'
import { lookFrom, type TableLook } from './columns.tsx'
import { useFeedback } from './feedback.tsx'
import { PlainDialog } from './plain-dialog.tsx'
import { sameView } from './view-state.ts'

interface Props {
  list: string
  look: TableLook
  setLook: (look: TableLook) => void
}

/** Saved views of a table: filters, sorting and look under a name, for oneself or for the shop. */
export function ViewsMenu(props: Props) {
  const shop = useMaybeShop()
  return shop ? <ShopViews {...props} shopId={shop.id} /> : null
}

type Dialog = { kind: 'create' } | { kind: 'rename'; view: SavedView }

function ShopViews({ list, look, setLook, shopId }: Props & { shopId: string }) {
  const [params] = useSearchParams()
  const { confirm, done, failed } = useFeedback()
  const [dialog, setDialog] = useState<Dialog>()
  const read = useRead('console.views', { params: { shopId }, query: { list } })
  const update = useWrite('console.updateView', ['console.views'])
  const remove = useWrite('console.deleteView', ['console.views'])
  const setDefault = useWrite('console.setDefaultView', ['console.views'])
  const apply = useApply(setLook)
  const views = read.data?.items ?? []
  const state = { filters: Object.fromEntries(params), look }
  const current = views.find((view) => sameView(view.state, state))
  useDefaultView(read.data, apply)
  const say = { onSuccess: () => done(t('action.saved')), onError: failed }
  const overwrite = (view: SavedView) =>
    update.mutate({ params: { shopId, viewId: view.id }, body: { ...pick(view), state } }, say)
  const toggleDefault = (view: SavedView) =>
    setDefault.mutate(
      { params: { shopId }, body: { list, viewId: read.data?.defaultId === view.id ? null : view.id } },
      say,
    )
  const ask = (view: SavedView) =>
    confirm({
      title: t('views.removeAsk', { name: view.name }),
      okText: t('action.remove'),
      danger: true,
      run: () => remove.mutateAsync({ params: { shopId, viewId: view.id } }),
    })
  const item = (view: SavedView) => ({
    key: view.id,
    icon: read.data?.defaultId === view.id ? <StarFilled className="green" /> : <span className="menu-blank" />,
    label: (
      <span className="row-between">
        {view.name}
        {view.shared && <Tag>{view.mine ? t('views.shared') : view.ownerName}</Tag>}
      </span>
    ),
    onClick: () => apply(view),
  })
  const tools = current
    ? [
        {
          key: 'default',
          icon: <StarOutlined />,
          label: t(read.data?.defaultId === current.id ? 'views.noDefault' : 'views.makeDefault'),
          onClick: () => toggleDefault(current),
        },
        ...(current.mine
          ? [
              { key: 'rename', label: t('views.rename'), onClick: () => setDialog({ kind: 'rename', view: current }) },
              { key: 'remove', label: t('views.remove'), danger: true, onClick: () => ask(current) },
            ]
          : []),
      ]
    : [
        { key: 'create', label: t('views.create'), onClick: () => setDialog({ kind: 'create' }) },
        ...views
          .filter((view) => view.mine)
          .slice(0, 8)
          .map((view) => ({
            key: `over-${view.id}`,
            label: t('views.overwrite', { name: view.name }),
            onClick: () => overwrite(view),
          })),
      ]
  const menu = [
    ...(views.length > 0
      ? [{ type: 'group' as const, key: 'views', label: t('views.title'), children: views.map(item) }]
      : []),
    ...(views.length > 0 ? [{ type: 'divider' as const }] : []),
    ...tools,
  ]
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items: menu, className: 'views-menu' }}>
        <Button type="text" icon={<BookOutlined />} className={current ? 'view-on' : ''} data-testid="views">
          <span className="view-name">{current?.name ?? t('views.title')}</span>
          <DownOutlined className="tiny" />
        </Button>
      </Dropdown>
      {dialog && (
        <ViewDialog
          view={dialog.kind === 'rename' ? dialog.view : undefined}
          list={list}
          state={state}
          shopId={shopId}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  )
}

const pick = ({ name, shared, version }: SavedView) => ({ name, shared, version })

/** Goes where a view leads. */
function useApply(setLook: (look: TableLook) => void) {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  return (view: SavedView, replace = false) => {
    setLook(lookFrom(view.state.look))
    void navigate({ pathname, search: `?${new URLSearchParams(view.state.filters)}` }, { replace })
  }
}

/** A table that is opened without filters opens with the default view, once. */
function useDefaultView(
  answer: { items: SavedView[]; defaultId: string | null } | undefined,
  apply: (view: SavedView, replace: boolean) => void,
): void {
  const { search, key } = useLocation()
  const opened = useRef<string>(undefined)
  useEffect(() => {
    if (!answer || opened.current !== undefined) return
    opened.current = key
    const view = answer.items.find(({ id }) => id === answer.defaultId)
    if (view && search === '') apply(view, true)
  })
}

interface DialogProps {
  view: SavedView | undefined
  list: string
  state: { filters: Record<string, string>; look: TableLook }
  shopId: string
  onClose: () => void
}

function ViewDialog({ view, list, state, shopId, onClose }: DialogProps) {
  const { done } = useFeedback()
  const create = useWrite('console.createView', ['console.views'])
  const update = useWrite('console.updateView', ['console.views'])
  const [name, setName] = useState(view?.name ?? '')
  const [shared, setShared] = useState(view?.shared ?? false)
  const save = async () => {
    if (view)
      await update.mutateAsync({
        params: { shopId, viewId: view.id },
        body: { name, shared, state: view.state, version: view.version },
      })
    else await create.mutateAsync({ params: { shopId }, body: { list, name, shared, state } })
    done(t('action.saved'))
  }
  return (
    <PlainDialog
      title={t(view ? 'views.rename' : 'views.create')}
      okText={t('action.save')}
      disabled={name.trim() === ''}
      run={save}
      onClose={onClose}
    >
      <Form layout="vertical" component="div">
        <Form.Item label={t('views.name')} htmlFor="view-name">
          <Input
            id="view-name"
            autoFocus
            maxLength={40}
            value={name}
            placeholder={t('views.nameHint')}
            onChange={(event) => setName(event.target.value)}
          />
        </Form.Item>
        <Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>
          {t('views.share')}
        </Checkbox>
      </Form>
    </PlainDialog>
  )
}
