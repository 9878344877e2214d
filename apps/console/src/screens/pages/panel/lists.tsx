import { Input, Segmented } from 'antd'
import { t } from '../../../i18n/index.ts'
import { Field, Group, type PanelProps, useEditing } from '../fields.tsx'
import { LinkPicker } from '../link-picker.tsx'
import { PictureField } from '../picture-field.tsx'
import { NumberField } from './basics.tsx'
import { RowsField } from './rows.tsx'

interface Slide {
  fileId?: string
  alt?: string
  link?: unknown
}

export function BannerPanel(props: PanelProps) {
  const { block, patch } = props
  const { isWritable } = useEditing()
  const slides = (block.slides ?? []) as Slide[]
  return (
    <>
      <Group label={t('design.slides')} hint={t('design.slidesHint')}>
        <RowsField
          rows={slides}
          name={t('design.slide')}
          max={10}
          fresh={(): Slide => ({ alt: '', link: null })}
          onChange={(next) => patch({ slides: next })}
          render={(slide, set, index) => (
            <>
              <PictureField fileId={slide.fileId} label={t('design.picture')} onChange={(fileId) => set({ fileId })} />
              <Input
                aria-label={t('design.alt')}
                placeholder={t('design.alt')}
                maxLength={60}
                disabled={!isWritable}
                value={slide.alt ?? ''}
                onChange={({ target }) =>
                  patch(
                    { slides: slides.map((each, at) => (at === index ? { ...each, alt: target.value } : each)) },
                    `alt-${index}`,
                  )
                }
              />
              <LinkPicker link={slide.link} label={t('design.link')} onChange={(link) => set({ link })} />
            </>
          )}
        />
      </Group>
      <NumberField {...props} name="ratioPercent" label={t('design.ratio')} min={20} max={150} />
      <NumberField
        {...props}
        name="intervalSeconds"
        label={t('design.interval')}
        min={0}
        max={30}
        hint={t('design.intervalHint')}
      />
    </>
  )
}

interface Entry {
  title?: string
  fileId?: string | null
  link?: unknown
}

export function NavPanel({ block, patch }: PanelProps) {
  const { isWritable } = useEditing()
  const items = (block.items ?? []) as Entry[]
  return (
    <>
      <Field label={t('design.columns')}>
        <Segmented
          block
          aria-label={t('design.columns')}
          disabled={!isWritable}
          value={Number(block.columns ?? 5)}
          options={[3, 4, 5].map((value) => ({ value, label: t('design.columnsEach', { count: value }) }))}
          onChange={(columns) => patch({ columns })}
        />
      </Field>
      <Group label={t('design.entries')} hint={t('design.entriesHint')}>
        <RowsField
          rows={items}
          name={t('design.entry')}
          max={20}
          fresh={(): Entry => ({ title: '', fileId: null })}
          onChange={(next) => patch({ items: next })}
          render={(entry, set, index) => (
            <div className="design-entry">
              <PictureField
                fileId={entry.fileId}
                label={t('design.picture')}
                size="small"
                isOptional
                onChange={(fileId) => set({ fileId })}
              />
              <div className="stack-xs">
                <Input
                  aria-label={t('design.entryTitle')}
                  placeholder={t('design.entryTitle')}
                  maxLength={8}
                  disabled={!isWritable}
                  value={entry.title ?? ''}
                  onChange={({ target }) =>
                    patch(
                      { items: items.map((each, at) => (at === index ? { ...each, title: target.value } : each)) },
                      `entry-${index}`,
                    )
                  }
                />
                <LinkPicker
                  link={entry.link}
                  label={t('design.link')}
                  isRequired
                  onChange={(link) => set({ link: link ?? undefined })}
                />
              </div>
            </div>
          )}
        />
      </Group>
    </>
  )
}
