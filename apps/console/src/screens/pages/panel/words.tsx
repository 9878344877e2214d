import { Checkbox, Input, Segmented, Select } from 'antd'
import { t } from '../../../i18n/index.ts'
import { Group, type PanelProps, useEditing } from '../fields.tsx'
import { LinkPicker } from '../link-picker.tsx'
import { RowsField } from './rows.tsx'

const KINDS = ['heading', 'paragraph', 'item', 'quote'] as const

interface Span {
  text: string
  bold?: boolean
  link?: unknown
}
interface Node {
  kind: (typeof KINDS)[number]
  align?: 'start' | 'center'
  spans: Span[]
}

/** A stretch whose words are all gone would be refused: it goes with them. */
const filled = (spans: Span[]): Span[] => spans.filter(({ text }) => text !== '')

/** Paragraphs, each of stretches that may be bold or lead somewhere. */
export function RichTextPanel({ block, patch }: PanelProps) {
  const { isWritable } = useEditing()
  const nodes = (block.nodes ?? []) as Node[]
  return (
    <Group label={t('design.nodes')}>
      <RowsField
        rows={nodes}
        name={t('design.node')}
        max={60}
        fresh={(): Node => ({ kind: nodes.length === 0 ? 'heading' : 'paragraph', align: 'start', spans: [] })}
        onChange={(next) => patch({ nodes: next })}
        render={(node, set, index) => {
          const spans = node.spans.length === 0 ? [{ text: '', bold: false, link: null }] : node.spans
          const setSpan = (place: number, fields: object, key?: string) => {
            const next = spans.map((each, at) => (at === place ? { ...each, ...fields } : each))
            patch({ nodes: nodes.map((each, at) => (at === index ? { ...each, spans: filled(next) } : each)) }, key)
          }
          return (
            <>
              <div className="design-node-look">
                <Select
                  size="small"
                  aria-label={t('design.nodeKind')}
                  disabled={!isWritable}
                  value={node.kind}
                  options={KINDS.map((value) => ({ value, label: t(`design.node.${value}`) }))}
                  onChange={(kind) => set({ kind })}
                />
                <Segmented
                  size="small"
                  aria-label={t('design.align')}
                  disabled={!isWritable}
                  value={node.align ?? 'start'}
                  options={(['start', 'center'] as const).map((value) => ({
                    value,
                    label: t(`design.align.${value}`),
                  }))}
                  onChange={(align) => set({ align })}
                />
              </div>
              {spans.map((span, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: stretches have no id; they are told apart by their place
                <div className="stack-xs" key={place}>
                  <Input.TextArea
                    aria-label={t('design.text')}
                    autoSize={{ minRows: 1, maxRows: 8 }}
                    maxLength={2000}
                    disabled={!isWritable}
                    value={span.text}
                    onChange={({ target }) => setSpan(place, { text: target.value }, `text-${index}-${place}`)}
                  />
                  {span.text !== '' && (
                    <div className="design-node-look">
                      <Checkbox
                        disabled={!isWritable}
                        checked={span.bold === true}
                        onChange={({ target }) => setSpan(place, { bold: target.checked })}
                      >
                        {t('design.bold')}
                      </Checkbox>
                      <LinkPicker
                        link={span.link}
                        label={t('design.link')}
                        onChange={(link, key) => setSpan(place, { link }, key)}
                      />
                    </div>
                  )}
                </div>
              ))}
            </>
          )
        }}
      />
    </Group>
  )
}
