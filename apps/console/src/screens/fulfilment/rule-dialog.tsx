import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import {
  CARRIERS,
  CHANNELS,
  NO_BUYER_LEVEL,
  PRODUCT_ROLE_NAMES,
  ROUTING_FIELDS,
  type RoutingCondition,
  type RoutingField,
  RoutingRule,
  SERVICE_LEVELS,
} from '@zhanggui/contract'
import { Alert, Button, Input, InputNumber, Modal, Radio, Select, Switch } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { MoneyInput } from '../../kit/money.tsx'

type Effects = RoutingRule['effects']
const NUMBERS: readonly RoutingField[] = ['total-fen', 'weight-grams', 'units']
const FLAGS: readonly RoutingField[] = ['same-city', 'promotion']

function fresh(field: RoutingField): RoutingCondition {
  if (FLAGS.includes(field)) return { field, operator: 'is', value: true } as RoutingCondition
  if (NUMBERS.includes(field)) return { field, operator: 'at-least', value: 0 } as RoutingCondition
  return { field, operator: 'in', values: [] } as unknown as RoutingCondition
}

interface Props {
  rule?: RoutingRule
  onDone: (rule: RoutingRule) => void
  onClose: () => void
}

/** One rule: its conditions and what it decides. Checked by the contract's own schema. */
export function RuleDialog({ rule, onDone, onClose }: Props) {
  const [draft, setDraft] = useState<RoutingRule>(
    rule ?? {
      id: crypto.randomUUID(),
      name: '',
      enabled: true,
      match: 'all',
      conditions: [fresh('city')],
      effects: {} as Effects,
      stop: false,
    },
  )
  const [problems, setProblems] = useState<string[]>([])
  const set = (more: Partial<RoutingRule>) => setDraft((before) => ({ ...before, ...more }))
  const submit = () => {
    const checked = RoutingRule.safeParse(draft)
    if (checked.success) onDone(checked.data)
    else setProblems([...new Set(checked.error.issues.map((issue) => issue.message))])
  }
  return (
    <Modal
      open
      width={640}
      title={rule ? t('routing.edit') : t('routing.add')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      onOk={submit}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div className="stack-l">
        {problems.length > 0 && <Alert type="error" showIcon title={problems.join('；')} />}
        <Input
          aria-label={t('routing.name')}
          placeholder={t('routing.name')}
          maxLength={40}
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <div className="stack-s">
          <div className="row-between">
            <span className="strong">{t('routing.conditions')}</span>
            <Radio.Group
              size="small"
              optionType="button"
              value={draft.match}
              options={(['all', 'any'] as const).map((value) => ({ value, label: t(`routing.match.${value}`) }))}
              onChange={(event) => set({ match: event.target.value })}
            />
          </div>
          {draft.conditions.map((condition, index) => (
            <ConditionRow
              // Conditions have no identity but their place.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              key={index}
              condition={condition}
              onChange={(next) => set({ conditions: draft.conditions.map((each, at) => (at === index ? next : each)) })}
              onRemove={() => set({ conditions: draft.conditions.filter((_, at) => at !== index) })}
            />
          ))}
          <Button
            icon={<PlusOutlined />}
            disabled={draft.conditions.length >= 10}
            onClick={() => set({ conditions: [...draft.conditions, fresh('city')] })}
          >
            {t('routing.addCondition')}
          </Button>
        </div>
        <EffectFields effects={draft.effects} onChange={(effects) => set({ effects })} />
        <span>
          <Switch size="small" checked={draft.stop} onChange={(stop) => set({ stop })} /> {t('routing.stop')}
        </span>
      </div>
    </Modal>
  )
}

/** What a field's values are chosen from; undefined where they are typed. */
function useChoices(field: RoutingField): { value: string; label: string }[] | undefined {
  const { shopId } = useShop()
  const [isCategory, isLevel] = [field === 'category', field === 'buyer-level']
  const categories = useRead('console.categories', { params: { shopId } }, { enabled: isCategory })
  const levels = useRead('console.memberLevels', { params: { shopId } }, { enabled: isLevel })
  if (isCategory) return (categories.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
  if (isLevel) {
    const named = (levels.data?.items ?? []).map(({ name }) => ({ value: name, label: name }))
    return [{ value: NO_BUYER_LEVEL, label: t('routing.noLevel') }, ...named]
  }
  if (field === 'channel') return Object.entries(CHANNELS).map(([value, label]) => ({ value, label: say(label) }))
  if (field === 'role')
    return Object.entries(PRODUCT_ROLE_NAMES).map(([value, label]) => ({ value, label: say(label) }))
  return undefined
}

function ConditionRow(props: {
  condition: RoutingCondition
  onChange: (condition: RoutingCondition) => void
  onRemove: () => void
}) {
  const { condition, onChange } = props
  const choices = useChoices(condition.field)
  const patch = (more: object) => onChange({ ...condition, ...more } as RoutingCondition)
  const fields = Object.entries(ROUTING_FIELDS).map(([value, label]) => ({ value, label: say(label) }))
  return (
    <div className="rule-condition">
      <Select
        value={condition.field}
        options={fields}
        popupMatchSelectWidth={false}
        onChange={(field: RoutingField) => onChange(fresh(field))}
      />
      {condition.operator === 'is' ? (
        <Switch checked={condition.value} onChange={(value) => patch({ value })} />
      ) : (
        <Select
          value={condition.operator}
          popupMatchSelectWidth={false}
          options={('values' in condition ? (['in', 'not-in'] as const) : (['at-least', 'below'] as const)).map(
            (value) => ({ value, label: t(`routing.op.${value}`) }),
          )}
          onChange={(operator) => patch({ operator })}
        />
      )}
      {'values' in condition && (
        <Select
          mode={choices ? 'multiple' : 'tags'}
          className="rule-values"
          placeholder={t('routing.values')}
          value={condition.values}
          tokenSeparators={['，', ',', '、', ' ']}
          options={choices ?? []}
          optionFilterProp="label"
          onChange={(values: string[]) => patch({ values })}
        />
      )}
      {condition.field === 'total-fen' && (
        <MoneyInput
          aria-label={t('routing.total')}
          value={condition.value}
          onChange={(value) => patch({ value: value ?? 0 })}
        />
      )}
      {(condition.field === 'weight-grams' || condition.field === 'units') && (
        <InputNumber min={0} precision={0} value={condition.value} onChange={(value) => patch({ value: value ?? 0 })} />
      )}
      <Button type="text" icon={<DeleteOutlined />} aria-label={t('action.remove')} onClick={props.onRemove} />
    </div>
  )
}

function EffectFields({ effects, onChange }: { effects: Effects; onChange: (effects: Effects) => void }) {
  const { shopId } = useShop()
  const warehouses = useRead('console.warehouses', { params: { shopId } })
  const patch = (more: object) => {
    const next = { ...effects, ...more }
    onChange(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as Effects)
  }
  const { warehouse } = effects
  const place =
    warehouse === undefined
      ? undefined
      : warehouse.by === 'same-city'
        ? 'same-city'
        : warehouse.by === 'kind'
          ? warehouse.kind
          : warehouse.warehouseIds[0]
  const choose = (value: string | undefined) => {
    if (value === undefined) return patch({ warehouse: undefined })
    if (value === 'same-city') return patch({ warehouse: { by: 'same-city' } })
    if (value === 'front' || value === 'central') return patch({ warehouse: { by: 'kind', kind: value } })
    return patch({ warehouse: { by: 'id', warehouseIds: [value] } })
  }
  const field = (
    label: string,
    value: string | undefined,
    options: [string, string][],
    set: (value?: string) => void,
  ) => (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the select inside
    <label className="rule-effect">
      <span className="soft">{label}</span>
      <Select
        allowClear
        placeholder={t('routing.unset')}
        value={value ?? null}
        popupMatchSelectWidth={false}
        options={options.map(([key, text]) => ({ value: key, label: text }))}
        onChange={(next: string | null) => set(next ?? undefined)}
      />
    </label>
  )
  return (
    <div className="stack-s">
      <span className="strong">{t('routing.effects')}</span>
      <div className="rule-effects">
        {field(
          t('routing.warehouse'),
          place,
          [
            ['same-city', t('routing.warehouse.same-city')],
            ['front', t('routing.warehouse.front')],
            ['central', t('routing.warehouse.central')],
            ...(warehouses.data?.items ?? []).map(({ id, name }): [string, string] => [id, name]),
          ],
          choose,
        )}
        {field(
          t('routing.split'),
          effects.split,
          [
            ['together', t('routing.split.together')],
            ['by-warehouse', t('routing.split.by-warehouse')],
          ],
          (split) => patch({ split }),
        )}
        {field(t('routing.carrier'), effects.carrier, Object.entries(CARRIERS), (carrier) => patch({ carrier }))}
        {field(
          t('routing.service'),
          effects.service,
          Object.entries(SERVICE_LEVELS).map(([key, wording]): [string, string] => [key, say(wording)]),
          (service) => patch({ service }),
        )}
      </div>
      <span>
        <Switch
          size="small"
          checked={effects.prePack ?? false}
          onChange={(on) => patch({ prePack: on ? true : undefined })}
        />{' '}
        {t('routing.prePack')}
      </span>
      <Input
        maxLength={100}
        placeholder={t('routing.packingNote')}
        value={effects.packingNote ?? ''}
        onChange={(event) => patch({ packingNote: event.target.value === '' ? undefined : event.target.value })}
      />
    </div>
  )
}
