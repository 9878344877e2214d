import { Input, InputNumber, Segmented, Slider, Switch } from 'antd'
import { t } from '../../../i18n/index.ts'
import { Field, Group, type PanelProps, useEditing } from '../fields.tsx'
import { LinkPicker } from '../link-picker.tsx'
import { PictureField } from '../picture-field.tsx'

/** A line of text of a block. */
export function TextField({
  block,
  patch,
  name,
  label,
  max,
  rows,
  hint,
}: PanelProps & { name: string; label: string; max: number; rows?: number; hint?: string }) {
  const { isWritable } = useEditing()
  const text = {
    'aria-label': label,
    value: String(block[name] ?? ''),
    maxLength: max,
    disabled: !isWritable,
    onChange: ({ target }: { target: { value: string } }) => patch({ [name]: target.value }, name),
  }
  return (
    <Field label={label} hint={hint}>
      {rows === undefined ? <Input {...text} /> : <Input.TextArea {...text} rows={rows} showCount />}
    </Field>
  )
}

/** A whole number of a block, by hand or by sliding. */
export function NumberField({
  block,
  patch,
  name,
  label,
  min,
  max,
  hint,
}: PanelProps & { name: string; label: string; min: number; max: number; hint?: string }) {
  const { isWritable } = useEditing()
  const value = typeof block[name] === 'number' ? block[name] : min
  const set = (next: number | null) => next !== null && patch({ [name]: Math.round(next) }, name)
  return (
    <Field label={label} hint={hint}>
      <div className="design-number">
        <Slider min={min} max={max} value={value} disabled={!isWritable} onChange={set} ariaLabelForHandle={label} />
        <InputNumber min={min} max={max} value={value} disabled={!isWritable} aria-label={label} onChange={set} />
      </div>
    </Field>
  )
}

export const TitleField = (props: PanelProps) => (
  <TextField {...props} name="title" label={t('design.title')} max={20} hint={t('design.titleHint')} />
)

export const AltField = (props: PanelProps) => (
  <TextField {...props} name="alt" label={t('design.alt')} max={60} hint={t('design.altHint')} />
)

export function BlockLinkField({ block, patch }: PanelProps) {
  return (
    <Group label={t('design.link')}>
      <LinkPicker link={block.link} label={t('design.link')} onChange={(link, key) => patch({ link }, key)} />
    </Group>
  )
}

export function NoticePanel(props: PanelProps) {
  return (
    <>
      <TextField {...props} name="text" label={t('design.text')} max={200} rows={3} />
      <BlockLinkField {...props} />
    </>
  )
}

export function GapPanel(props: PanelProps) {
  const { block, patch } = props
  const { isWritable } = useEditing()
  return (
    <>
      <NumberField {...props} name="heightPx" label={t('design.height')} min={4} max={120} />
      <Field label={t('design.hasLine')}>
        <Switch
          aria-label={t('design.hasLine')}
          disabled={!isWritable}
          checked={block.hasLine === true}
          onChange={(hasLine) => patch({ hasLine })}
        />
      </Field>
    </>
  )
}

const SHAPES = ['own', '100', '56', '46', '30'] as const

export function PicturePanel(props: PanelProps) {
  const { block, patch } = props
  const { isWritable } = useEditing()
  return (
    <>
      <Group label={t('design.picture')}>
        <PictureField
          fileId={block.fileId as string | undefined}
          label={t('design.picture')}
          onChange={(fileId) => patch({ fileId })}
        />
      </Group>
      <Field label={t('design.shape')}>
        <Segmented
          block
          aria-label={t('design.shape')}
          disabled={!isWritable}
          value={block.ratioPercent === null || block.ratioPercent === undefined ? 'own' : String(block.ratioPercent)}
          options={SHAPES.map((value) => ({ value, label: t(`design.shape.${value}`) }))}
          onChange={(value) => patch({ ratioPercent: value === 'own' ? null : Number(value) })}
        />
      </Field>
      <AltField {...props} />
      <BlockLinkField {...props} />
    </>
  )
}
