import { type BulkChange, type BulkEdit, type BulkPreview, type BulkTarget, ROUTES } from '@zhanggui/contract'
import { Alert, Button, Form, InputNumber, Modal, Progress, Segmented, Select, Table, TreeSelect } from 'antd'
import { useRef, useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { errorText, useRead, useWrite } from '../../kit/api.ts'
import { ChangeList } from '../../kit/change-list.tsx'
import { useFeedback } from '../../kit/feedback.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { useCategories } from './categories.ts'

const FIELDS = ['price', 'category', 'tags', 'freight', 'state'] as const
const MODES = ['percent', 'plus', 'set'] as const
const ROUNDINGS = ['fen', 'jiao', 'yuan', 'nine'] as const
const BASIS_POINTS = 100
const YUAN_FEN = 100
const PROGRESS_MS = 1000

interface Values {
  field: BulkChange['field']
  mode: (typeof MODES)[number]
  which: 'price' | 'list'
  percent: number | null
  plusYuan: number | null
  setFen: number | null
  rounding: (typeof ROUNDINGS)[number]
  categoryId: string | null
  add: string[]
  remove: string[]
  freightTemplateId: string | null
  onSale: boolean
}

const INITIAL: Values = {
  ...{ field: 'price', mode: 'percent', which: 'price', percent: 90, plusYuan: null, setFen: null, rounding: 'fen' },
  ...{ categoryId: null, add: [], remove: [], freightTemplateId: null, onSale: true },
}

function changeOf(values: Values): unknown {
  const { field, mode, which, rounding } = values
  switch (field) {
    case 'category':
      return { field, categoryId: values.categoryId }
    case 'tags':
      return { field, add: values.add, remove: values.remove }
    case 'freight':
      return { field, freightTemplateId: values.freightTemplateId ?? null }
    case 'state':
      return { field, onSale: values.onSale }
    case 'price': {
      const value =
        mode === 'percent'
          ? Math.round((values.percent ?? 0) * BASIS_POINTS)
          : mode === 'plus'
            ? Math.round((values.plusYuan ?? 0) * YUAN_FEN)
            : (values.setFen ?? 0)
      return { field, mode, which, rounding, value }
    }
  }
}

/**
 * Changing many products at once, chosen by hand or everything that a filter finds: what, with a preview of everything
 * that would change, and an undo. Over a filter the number is agreed to; when another number is found, nothing changes.
 */
export function BulkDialog({ target, onClose }: { target: BulkTarget; onClose: () => void }) {
  const { shopId } = useShop()
  const { doneWithUndo, failed, done, confirm } = useFeedback()
  const [values, setValues] = useState(INITIAL)
  const [runningId, setRunning] = useState<string>()
  const key = useRef(crypto.randomUUID())
  const stale = ['console.products', 'console.product', 'console.bulkEdits'] as const
  const start = useWrite('console.startBulkEdit', stale)
  const undo = useWrite('console.undoBulkEdit', stale)
  const parsed = ROUTES['console.startBulkEdit'].body.safeParse({
    target,
    change: changeOf(values),
  })
  const preview = useRead(
    'console.previewBulkEdit',
    { params: { shopId }, body: parsed.data ?? ({} as never) },
    { enabled: parsed.success && runningId === undefined, keepPrevious: true },
  )
  const finish = (edit: { id: string; changed: number; refused: number }) => {
    const key = edit.refused > 0 ? 'bulk.doneRefused' : 'bulk.done'
    doneWithUndo(t(key, { count: edit.changed, refused: edit.refused }), async () => {
      const back = await undo.mutateAsync({ params: { shopId, bulkEditId: edit.id } })
      done(t('bulk.undone', { count: back.undone }))
    })
    onClose()
  }
  const run = async (expectedTotal?: number) => {
    const body = { ...parsed.data!, expectedTotal }
    const edit = await start.mutateAsync({ params: { shopId }, body, idempotencyKey: key.current })
    if (edit.state === 'running') setRunning(edit.id)
    else finish(edit)
  }
  const total = preview.data?.total ?? 0
  const isFilter = 'filter' in target
  const ask = () => {
    if (!isFilter) return void run().catch(failed)
    confirm({
      title: t('bulk.allAsk', { count: total }),
      content: t('bulk.allHint'),
      okText: t('bulk.runCount', { count: total }),
      run: async () => {
        try {
          await run(total)
        } catch (error) {
          key.current = crypto.randomUUID()
          void preview.refetch()
          throw error
        }
      },
    })
  }
  return (
    <Modal
      open
      title={isFilter ? t('bulk.titleAll', { count: total }) : t('bulk.title', { count: target.productIds.length })}
      width={760}
      okText={t('bulk.run')}
      okButtonProps={{ disabled: !canRun(preview.data), loading: start.isPending }}
      footer={(buttons) =>
        runningId === undefined ? buttons : <Button onClick={onClose}>{t('bulk.background')}</Button>
      }
      onOk={ask}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      {runningId !== undefined ? (
        <Running id={runningId} onDone={finish} />
      ) : (
        <Form<Values>
          layout="vertical"
          initialValues={INITIAL}
          onValuesChange={(_, all) => setValues((now) => ({ ...now, ...all }))}
        >
          <Form.Item name="field" label={t('bulk.field')}>
            <Segmented block options={FIELDS.map((value) => ({ value, label: t(`bulk.field.${value}`) }))} />
          </Form.Item>
          <ChangeFields field={values.field} mode={values.mode} />
          {!parsed.success ? (
            <Alert type="info" title={t('bulk.invalid')} />
          ) : preview.isError ? (
            <Alert type="error" showIcon title={errorText(preview.error)} />
          ) : (
            preview.data && <Preview preview={preview.data} />
          )}
        </Form>
      )}
    </Modal>
  )
}

const isMoving = (edit: BulkEdit | undefined): boolean => edit?.state === 'running' || edit?.state === 'undoing'

/** Something of what was looked at changes, or there is more than was looked at. */
const canRun = (preview: BulkPreview | undefined): boolean =>
  preview !== undefined && (preview.changing > 0 || preview.total > preview.examined)

/** How far an edit, or its undo, has come; tells once when it is at its end. */
export function Running({ id, onDone }: { id: string; onDone: (edit: BulkEdit) => void }) {
  const { shopId } = useShop()
  const told = useRef(false)
  const read = useRead(
    'console.bulkEdit',
    { params: { shopId, bulkEditId: id } },
    { refetchMs: (edit) => (isMoving(edit) ? PROGRESS_MS : false) },
  )
  if (!read.data) return null
  if (!isMoving(read.data) && !told.current) {
    told.current = true
    queueMicrotask(() => onDone(read.data))
  }
  const { done, total } = read.data
  return (
    <div className="stack-s">
      <Progress percent={Math.round((done / total) * 100)} />
      <span className="soft">{t('bulk.running', { done, total })}</span>
    </div>
  )
}

function ChangeFields({ field, mode }: { field: Values['field']; mode: Values['mode'] }) {
  const { shopId, may } = useShop()
  const { tree } = useCategories()
  const freight = useRead('console.freightTemplates', { params: { shopId } }, { enabled: may('settings.read') })
  if (field === 'price') return <PriceFields mode={mode} />
  if (field === 'category')
    return (
      <Form.Item name="categoryId" label={t('product.category')}>
        <TreeSelect treeData={tree} allowClear treeDefaultExpandAll placeholder={t('bulk.none')} />
      </Form.Item>
    )
  if (field === 'tags')
    return (
      <div className="pair">
        <Form.Item name="add" label={t('bulk.add')}>
          <Select mode="tags" maxCount={20} open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ']} />
        </Form.Item>
        <Form.Item name="remove" label={t('bulk.remove')}>
          <Select mode="tags" maxCount={20} open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ']} />
        </Form.Item>
      </div>
    )
  if (field === 'freight')
    return (
      <Form.Item name="freightTemplateId" label={t('product.freight')}>
        <Select
          allowClear
          placeholder={t('product.freightDefault')}
          options={(freight.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
        />
      </Form.Item>
    )
  return (
    <Form.Item name="onSale">
      <Segmented
        options={[
          { value: true, label: t('bulk.onSale') },
          { value: false, label: t('bulk.offSale') },
        ]}
      />
    </Form.Item>
  )
}

function PriceFields({ mode }: { mode: Values['mode'] }) {
  return (
    <>
      <div className="pair">
        <Form.Item name="which">
          <Segmented
            block
            options={(['price', 'list'] as const).map((value) => ({ value, label: t(`bulk.which.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="mode">
          <Segmented block options={MODES.map((value) => ({ value, label: t(`bulk.mode.${value}`) }))} />
        </Form.Item>
      </div>
      <div className="pair">
        {mode === 'percent' && (
          <Form.Item name="percent" label={t('bulk.percent')}>
            <InputNumber className="wide" min={1} max={1000} precision={2} />
          </Form.Item>
        )}
        {mode === 'plus' && (
          <Form.Item name="plusYuan" label={t('bulk.plus')}>
            <InputNumber className="wide" precision={2} />
          </Form.Item>
        )}
        {mode === 'set' && (
          <Form.Item name="setFen" label={t('bulk.set')}>
            <MoneyInput />
          </Form.Item>
        )}
        {mode !== 'set' && (
          <Form.Item name="rounding" label={t('price.rounding')}>
            <Select options={ROUNDINGS.map((value) => ({ value, label: t(`price.rounding.${value}`) }))} />
          </Form.Item>
        )}
      </div>
    </>
  )
}

function Preview({ preview }: { preview: BulkPreview }) {
  if (preview.changing === 0 && preview.refused === 0 && preview.examined === preview.total)
    return <Alert type="info" title={t('bulk.same')} />
  return (
    <div className="stack-s" data-testid="bulk-preview">
      <Alert
        type={preview.refused > 0 ? 'warning' : 'success'}
        title={t('bulk.willChange', { changing: preview.changing, refused: preview.refused })}
        {...(preview.examined < preview.total
          ? { description: t('bulk.examined', { examined: preview.examined, total: preview.total }) }
          : {})}
      />
      <Table<BulkPreview['rows'][number]>
        size="small"
        rowKey="productId"
        dataSource={preview.rows}
        pagination={{ pageSize: 8, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: t('product.title'), dataIndex: 'title', width: '40%' },
          {
            title: t('price.after'),
            render: (_, row) =>
              row.refusal === null ? <ChangeList changes={row.changes} /> : <span className="red">{row.refusal}</span>,
          },
        ]}
      />
    </div>
  )
}
