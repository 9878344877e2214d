import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { Product } from '@zhanggui/contract'
import { Button, Form, Input, Select } from 'antd'
import { t } from '../../i18n/index.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { combinations, MAX_SKUS, type Option, type SkuDraft, skuMatrix } from '../../kit/sku-matrix.ts'
import { SkuTable } from './sku-table.tsx'

const MAX_OPTIONS = 3
const MAX_VALUES = 50

/** Options of a product and the table of SKUs that follows from them. */
export function SkusField({ stock }: { stock: Product['skus'] }) {
  const form = Form.useFormInstance()
  const { warn } = useFeedback()
  const options = (Form.useWatch('options', { form, preserve: true }) ?? []) as Option[]
  const change = (next: Option[]) => {
    const count = combinations(next).length
    if (count > MAX_SKUS) return warn(t('product.tooManySkus', { count, max: MAX_SKUS }))
    const before = (form.getFieldValue('skus') ?? []) as SkuDraft[]
    form.setFieldsValue({ options: next, skus: skuMatrix(next, before, codePrefix(before)) })
  }
  const edit = (index: number, option: Option) => change(options.map((each, at) => (at === index ? option : each)))
  return (
    <>
      <Form.Item name="options" label={t('product.options')} extra={t('product.optionsHint')}>
        <OptionsEditor
          options={options}
          edit={edit}
          add={() => change([...options, { name: '', values: [] }])}
          remove={(index) => change(options.filter((_, at) => at !== index))}
        />
      </Form.Item>
      <Form.Item name="skus">
        <SkuTable options={options.filter((option) => option.values.length > 0)} stock={stock} />
      </Form.Item>
    </>
  )
}

/** New codes go on with what the first code begins with, else with a short random one. */
function codePrefix(skus: readonly SkuDraft[]): string {
  const first = skus.find((sku) => sku.code !== '')?.code.replace(/-\d{1,3}$/, '')
  return first ?? crypto.randomUUID().slice(0, 8).toUpperCase()
}

interface EditorProps {
  id?: string
  options: Option[]
  edit: (index: number, option: Option) => void
  add: () => void
  remove: (index: number) => void
}

function OptionsEditor({ options, edit, add, remove }: EditorProps) {
  return (
    <div className="stack-s">
      {options.map((option, index) => (
        // The order is the identity: options have no ids, and are not moved.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index} className="option-row">
          <Input
            placeholder={t('product.optionName')}
            aria-label={t('product.optionName')}
            maxLength={30}
            value={option.name}
            onChange={(event) => edit(index, { ...option, name: event.target.value })}
          />
          <Select
            mode="tags"
            open={false}
            suffixIcon={null}
            maxCount={MAX_VALUES}
            tokenSeparators={[',', '，', '、', '\n']}
            placeholder={t('product.optionValues')}
            aria-label={t('product.optionValues')}
            value={option.values}
            onChange={(values: string[]) =>
              edit(index, { ...option, values: values.map((value) => value.trim()).filter((value) => value !== '') })
            }
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('product.removeOption', { name: option.name || String(index + 1) })}
            onClick={() => remove(index)}
          />
        </div>
      ))}
      {options.length < MAX_OPTIONS && (
        <Button type="dashed" icon={<PlusOutlined />} onClick={add}>
          {t('product.addOption')}
        </Button>
      )}
    </div>
  )
}
