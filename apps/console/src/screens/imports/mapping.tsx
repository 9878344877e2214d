import { IMPORT_FIELDS, type ImportField, type ImportJob } from '@zhanggui/contract'
import { Alert, Button, Card, Checkbox, Form, InputNumber, Select, Table, Tag } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { type Input, useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { ImportPreview } from './preview.tsx'

type Mapping = ImportJob['mapping']
type Options = Input<'console.runImport'>['body']['options']

/** Which column is what, and with what to fill gaps; then a preview, then the run. */
export function MappingStep({ job }: { job: ImportJob }) {
  const { shopId, may } = useShop()
  const { failed } = useFeedback()
  const [mapping, setMapping] = useState<Mapping>(job.mapping)
  const [options, setOptions] = useState<Options>(job.options)
  const preview = useWrite('console.previewImport')
  const run = useWrite('console.runImport', ['console.import', 'console.imports'])
  const cancel = useWrite('console.cancelImport', ['console.import', 'console.imports'])
  const input = { params: { shopId, importId: job.id }, body: { mapping, options } }
  const used = new Set(Object.values(mapping))
  const missing = (['title'] as const).filter((field) => !used.has(field))
  const writable = may('catalog.write')
  const broken = Number.isNaN(options.defaultPriceFen)
  const change = (next: Mapping) => {
    setMapping(next)
    preview.reset()
  }
  return (
    <div className="stack-l">
      {job.mappingRemembered && <Alert type="info" showIcon title={t('import.remembered')} />}
      <Card title={t('import.columns')} extra={<span className="soft">{fileFacts(job)}</span>}>
        <MappingTable job={job} mapping={mapping} onChange={change} disabled={!writable} />
      </Card>
      <Card title={t('import.options')}>
        <OptionFields
          options={options}
          mapped={used}
          onChange={(next) => {
            setOptions(next)
            preview.reset()
          }}
        />
      </Card>
      {missing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('import.missing', { fields: missing.map((field) => say(IMPORT_FIELDS[field])).join('、') })}
        />
      )}
      <div className="row-end sticky-foot">
        {writable && (
          <Button danger type="text" onClick={() => cancel.mutate({ params: input.params }, { onError: failed })}>
            {t('import.cancel')}
          </Button>
        )}
        <Button
          loading={preview.isPending}
          disabled={missing.length > 0 || broken}
          onClick={() => preview.mutate(input, { onError: failed })}
        >
          {t('import.preview')}
        </Button>
        {writable && (
          <Button
            type="primary"
            loading={run.isPending}
            disabled={missing.length > 0 || broken}
            onClick={() => run.mutate(input, { onError: failed })}
          >
            {t('import.run', { count: job.totalRows })}
          </Button>
        )}
      </div>
      {preview.data && <ImportPreview preview={preview.data} />}
    </div>
  )
}

const fileFacts = (job: ImportJob): string =>
  [t('import.rowCount', { count: job.totalRows }), job.sheet, job.encoding].filter(Boolean).join(' · ')

const SAMPLES = 3

function MappingTable({
  job,
  mapping,
  onChange,
  disabled,
}: {
  job: ImportJob
  mapping: Mapping
  onChange: (mapping: Mapping) => void
  disabled: boolean
}) {
  const taken = new Map(Object.entries(mapping).map(([column, field]) => [field, column]))
  const choose = (column: string, field: ImportField | undefined) => {
    const rest = Object.fromEntries(Object.entries(mapping).filter(([other, its]) => other !== column && its !== field))
    onChange(field ? { ...rest, [column]: field } : rest)
  }
  const fields = (Object.keys(IMPORT_FIELDS) as ImportField[]).map((field) => ({
    value: field,
    label: say(IMPORT_FIELDS[field]),
  }))
  const rows = job.columns.map((column, index) => ({
    column,
    samples: job.sample
      .map((row) => row[index] ?? '')
      .filter((text) => text !== '')
      .slice(0, SAMPLES),
  }))
  return (
    <Table
      size="small"
      rowKey="column"
      pagination={false}
      dataSource={rows}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('import.column'),
          dataIndex: 'column',
          width: 180,
          render: (column: string) => <span className="strong">{column}</span>,
        },
        {
          title: t('import.field'),
          width: 260,
          render: (_, row) => (
            <Select
              className="wide"
              allowClear
              showSearch={{ optionFilterProp: 'label' }}
              disabled={disabled}
              aria-label={t('import.fieldOf', { column: row.column })}
              placeholder={t('import.ignored')}
              value={mapping[row.column] ?? null}
              options={fields.map((field) => ({
                ...field,
                disabled: taken.has(field.value) && taken.get(field.value) !== row.column,
              }))}
              onChange={(field: ImportField | null) => choose(row.column, field ?? undefined)}
            />
          ),
        },
        {
          title: t('import.samples'),
          render: (_, row) => (
            <span className="samples">
              {[...new Set(row.samples)].map((text) => (
                <Tag key={text}>{text.slice(0, 40)}</Tag>
              ))}
            </span>
          ),
        },
      ]}
    />
  )
}

function OptionFields({
  options,
  mapped,
  onChange,
}: {
  options: Options
  mapped: Set<ImportField>
  onChange: (options: Options) => void
}) {
  const { shopId, may } = useShop()
  const warehouses = useRead('console.warehouses', { params: { shopId } }, { enabled: may('stock.read') })
  const active = (warehouses.data?.items ?? []).filter((each) => each.active)
  return (
    <Form layout="vertical" className="option-fields">
      <Form.Item
        label={t('import.defaultPrice')}
        htmlFor="default-price"
        extra={mapped.has('price') ? t('import.onlyGaps') : t('import.priceMissing')}
      >
        <MoneyInput
          id="default-price"
          value={options.defaultPriceFen ?? null}
          onChange={(fen) => onChange({ ...options, defaultPriceFen: fen })}
        />
      </Form.Item>
      <Form.Item
        label={t('import.defaultStock')}
        htmlFor="default-stock"
        extra={mapped.has('stock') ? t('import.onlyGaps') : t('import.stockMissing')}
      >
        <InputNumber
          id="default-stock"
          className="wide"
          min={0}
          max={1_000_000}
          precision={0}
          value={options.defaultStock}
          onChange={(count) => onChange({ ...options, defaultStock: count })}
        />
      </Form.Item>
      <Form.Item label={t('import.warehouse')} htmlFor="import-warehouse">
        <Select
          id="import-warehouse"
          allowClear
          placeholder={t('import.warehouseDefault')}
          value={options.warehouseId ?? null}
          options={active.map((each) => ({ value: each.id, label: each.name }))}
          onChange={(id: string | null) => onChange({ ...options, warehouseId: id ?? null })}
        />
      </Form.Item>
      <Form.Item label={t('import.afterwards')}>
        <Checkbox
          checked={options.publish}
          onChange={(event) => onChange({ ...options, publish: event.target.checked })}
        >
          {t('import.publish')}
        </Checkbox>
      </Form.Item>
    </Form>
  )
}
