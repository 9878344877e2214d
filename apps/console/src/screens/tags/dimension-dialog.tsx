import { DeleteOutlined, DownOutlined, PlusOutlined, UpOutlined } from '@ant-design/icons'
import { ROUTES, type TagDimension } from '@zhanggui/contract'
import { Button, Form, Input, InputNumber, Switch } from 'antd'
import type { ClipboardEvent } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'

const MAX_VALUES = 100

interface Values {
  name: string
  position: number
  storefront: boolean
  values: { id?: string; name: string }[]
}

/** A dimension with all its values; they are sorted, renamed, pasted as lines. */
export function DimensionDialog({ dimension, onClose }: { dimension: TagDimension | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const reads = ['console.tagDimensions'] as const
  const create = useWrite('console.createTagDimension', [...reads])
  const update = useWrite('console.updateTagDimension', [...reads])
  const initial: Values = dimension
    ? {
        name: dimension.name,
        position: dimension.position,
        storefront: dimension.storefront,
        values: dimension.values.map(({ id, name }) => ({ id, name })),
      }
    : { name: '', position: 0, storefront: true, values: [{ name: '' }] }
  return (
    <FormDialog
      title={dimension ? t('tags.edit', { name: dimension.name }) : t('tags.create')}
      schema={ROUTES['console.createTagDimension'].body}
      initial={initial}
      toInput={(values: Values) => ({ ...values, values: values.values.filter((each) => each?.name?.trim()) })}
      submit={async (body) => {
        if (dimension) await update.mutateAsync({ params: { shopId, dimensionId: dimension.id }, body })
        else await create.mutateAsync({ params: { shopId }, body })
        done(t('tags.saved'))
      }}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('tags.name')}>
        <Input maxLength={12} placeholder={t('tags.nameHint')} autoFocus />
      </Form.Item>
      <Form.Item label={t('tags.values')} extra={t('tags.valuesHint')}>
        <ValuesField />
      </Form.Item>
      <div className="pair">
        <Form.Item name="storefront" valuePropName="checked" label={t('tags.storefront')}>
          <Switch />
        </Form.Item>
        <Form.Item name="position" label={t('tags.position')}>
          <InputNumber min={0} max={9999} precision={0} />
        </Form.Item>
      </div>
    </FormDialog>
  )
}

function ValuesField() {
  const form = Form.useFormInstance<Values>()
  const paste = (event: ClipboardEvent, index: number) => {
    const lines = event.clipboardData
      .getData('text/plain')
      .split(/[\n,\uff0c\u3001\t]+/)
      .map((line) => line.trim())
      .filter(Boolean)
    if (lines.length < 2) return
    event.preventDefault()
    const values = (form.getFieldValue('values') ?? []) as Values['values']
    const added = lines.map((name) => ({ name: name.slice(0, 20) }))
    const next = [...values.slice(0, index), ...added, ...values.slice(index + (values[index]?.name ? 0 : 1))]
    form.setFieldValue('values', next.slice(0, MAX_VALUES))
  }
  return (
    <Form.List name="values">
      {(fields, { add, remove, move }) => (
        <div className="stack-s">
          {fields.map((field, index) => (
            <div key={field.key} className="value-row">
              <Form.Item name={[field.name, 'name']} noStyle>
                <Input
                  maxLength={20}
                  aria-label={t('tags.value')}
                  placeholder={t('tags.value')}
                  onPaste={(event) => paste(event, index)}
                  onPressEnter={(event) => {
                    event.preventDefault()
                    add({ name: '' }, index + 1)
                  }}
                />
              </Form.Item>
              <Button
                type="text"
                icon={<UpOutlined />}
                disabled={index === 0}
                aria-label={t('media.earlier')}
                onClick={() => move(index, index - 1)}
              />
              <Button
                type="text"
                icon={<DownOutlined />}
                disabled={index === fields.length - 1}
                aria-label={t('media.later')}
                onClick={() => move(index, index + 1)}
              />
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('action.remove')}
                onClick={() => remove(field.name)}
              />
            </div>
          ))}
          {fields.length < MAX_VALUES && (
            <Button type="dashed" block icon={<PlusOutlined />} onClick={() => add({ name: '' })}>
              {t('tags.addValue')}
            </Button>
          )}
        </div>
      )}
    </Form.List>
  )
}
