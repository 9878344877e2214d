import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { type FreightTemplate, ROUTES } from '@zhanggui/contract'
import { Alert, Button, Card, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { namedTwice, PROVINCES } from './provinces.ts'

const MAX_RULES = 40
const NEW_RULE = {
  provinces: [] as string[],
  deliverable: true,
  firstUnits: 1,
  firstFen: 0,
  moreUnits: 1,
  moreFen: 0,
  freeFromFen: null as number | null,
}

/** A freight template: rules by provinces, the rule without provinces for everywhere else. */
export function FreightDialog({ template, onClose }: { template: FreightTemplate | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const create = useWrite('console.createFreightTemplate', ['console.freightTemplates'])
  const update = useWrite('console.updateFreightTemplate', ['console.freightTemplates'])
  const { name = '', isDefault = false, basis = 'piece', rules = [NEW_RULE] } = template ?? {}
  return (
    <FormDialog
      title={template ? t('freight.edit', { name: template.name }) : t('freight.create')}
      width={760}
      schema={ROUTES['console.createFreightTemplate'].body}
      initial={{ name, isDefault, basis, rules: rules.map((rule) => ({ ...rule })) }}
      submit={(body) =>
        template
          ? update.mutateAsync({
              params: { shopId, templateId: template.id },
              body: { ...body, version: template.version },
            })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <div className="pair">
        <Form.Item name="name" label={t('freight.name')}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="basis" label={t('freight.basis')}>
          <Select
            options={(['piece', 'weight'] as const).map((value) => ({ value, label: t(`freight.basis.${value}`) }))}
          />
        </Form.Item>
      </div>
      <Form.Item name="isDefault" label={t('freight.isDefault')} valuePropName="checked">
        <Switch disabled={template?.isDefault ?? false} />
      </Form.Item>
      <Form.List name="rules">
        {(fields, { add, remove }) => (
          <div className="stack-s">
            <Doubles />
            {fields.map((field) => (
              <Card key={field.key} size="small" className="freight-rule">
                <RuleFields name={field.name} />
                {fields.length > 1 && (
                  <Button
                    className="freight-remove"
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={t('freight.removeRule', { number: field.name + 1 })}
                    onClick={() => remove(field.name)}
                  />
                )}
              </Card>
            ))}
            {fields.length < MAX_RULES && (
              <Button type="dashed" block icon={<PlusOutlined />} onClick={() => add(NEW_RULE, 0)}>
                {t('freight.addRule')}
              </Button>
            )}
          </div>
        )}
      </Form.List>
    </FormDialog>
  )
}

/** Says when two rules name the same province, for then only one of them can hold. */
function Doubles() {
  const rules = (Form.useWatch('rules') ?? []) as { provinces?: string[] }[]
  const doubles = namedTwice(rules.map((rule) => ({ provinces: rule?.provinces ?? [] })))
  return (
    doubles.length > 0 && <Alert type="warning" showIcon title={t('freight.doubles', { names: doubles.join('、') })} />
  )
}

function RuleFields({ name }: { name: number }) {
  const basis = Form.useWatch('basis') as FreightTemplate['basis']
  const deliverable = Form.useWatch(['rules', name, 'deliverable']) as boolean | undefined
  const unit = t(`freight.unit.${basis ?? 'piece'}`)
  const options = PROVINCES.map((group) => ({
    label: group.region,
    title: group.region,
    options: group.names.map((value) => ({ value, label: value })),
  }))
  return (
    <>
      <Form.Item name={[name, 'provinces']} label={t('freight.provinces')} extra={t('freight.provincesHint')}>
        <Select
          mode="multiple"
          allowClear
          options={options}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('freight.elsewhere')}
          maxTagCount="responsive"
        />
      </Form.Item>
      <Form.Item name={[name, 'deliverable']} label={t('freight.deliverable')} valuePropName="checked">
        <Switch />
      </Form.Item>
      {deliverable !== false && (
        <div className="freight-numbers">
          <Form.Item name={[name, 'firstUnits']} label={t('freight.firstUnits', { unit })}>
            <InputNumber className="wide" min={1} max={1_000_000} precision={0} />
          </Form.Item>
          <Form.Item name={[name, 'firstFen']} label={t('freight.firstFen')}>
            <MoneyInput />
          </Form.Item>
          <Form.Item name={[name, 'moreUnits']} label={t('freight.moreUnits', { unit })}>
            <InputNumber className="wide" min={1} max={1_000_000} precision={0} />
          </Form.Item>
          <Form.Item name={[name, 'moreFen']} label={t('freight.moreFen')}>
            <MoneyInput />
          </Form.Item>
          <Form.Item name={[name, 'freeFromFen']} label={t('freight.freeFromFen')}>
            <MoneyInput placeholder={t('freight.never')} />
          </Form.Item>
        </div>
      )}
    </>
  )
}
