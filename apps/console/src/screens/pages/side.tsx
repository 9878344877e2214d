import type { DesignedPage } from '@zhanggui/contract'
import { Alert, Input } from 'antd'
import { say, t } from '../../i18n/index.ts'
import { Field, Group } from './fields.tsx'
import { KIND_ICONS } from './kind-icon.tsx'
import { type PageContent, patchBlock } from './layout-edit.ts'
import { BlockPanel } from './panel/panel.tsx'
import { Showings } from './showings.tsx'

interface Props {
  content: PageContent
  page: DesignedPage
  selected: string | undefined
  isWritable: boolean
  /** The content at this moment. */
  now: () => PageContent
  change: (content: PageContent, key?: string) => void
  take: (page: DesignedPage) => void
}

/** What can be set: of the chosen block, or of the page while none is chosen. */
export function Side(props: Props) {
  const { content, page, selected, now, change } = props
  const block = content.blocks.find(({ id }) => id === selected)
  if (!block) return <PageSettings {...props} />
  const problems = page.problems.filter(({ blockId }) => blockId === block.id)
  return (
    <section className="stack-s" aria-label={t('design.blockSettings')}>
      <h2 className="design-side-title">
        {KIND_ICONS[block.kind]} {t(`design.kind.${block.kind}`)}
      </h2>
      {problems.map(({ field, reason, reasonEn, isWarning }) => (
        <Alert
          key={field + reason}
          type={isWarning ? 'warning' : 'error'}
          showIcon
          title={say({ zh: reason, en: reasonEn })}
        />
      ))}
      <BlockPanel
        key={block.id}
        block={block}
        patch={(fields, key) => {
          // an upload may come back when other things have changed
          const latest = now()
          change(
            { ...latest, blocks: patchBlock(latest.blocks, block.id, fields) },
            key === undefined ? undefined : `${block.id}.${key}`,
          )
        }}
      />
    </section>
  )
}

function PageSettings({ content, page, isWritable, change, take }: Props) {
  return (
    <section className="stack-s" aria-label={t('design.pageSettings')}>
      <h2 className="design-side-title">{t('design.pageSettings')}</h2>
      <Field label={t('design.pageTitle')}>
        <Input
          aria-label={t('design.pageTitle')}
          maxLength={30}
          disabled={!isWritable}
          value={content.title}
          {...(content.title.trim() === '' ? { status: 'error' as const } : {})}
          onChange={({ target }) => change({ ...content, title: target.value }, 'title')}
        />
      </Field>
      <Field label={t('design.description')} hint={t('design.descriptionHint')}>
        <Input.TextArea
          aria-label={t('design.description')}
          rows={3}
          maxLength={120}
          showCount
          disabled={!isWritable}
          value={content.description}
          onChange={({ target }) => change({ ...content, description: target.value }, 'description')}
        />
      </Field>
      <Field label={t('design.url')}>
        <code className="small design-url">{page.url}</code>
      </Field>
      <Group label={t('design.showings')}>
        <Showings page={page} isWritable={isWritable} onChanged={take} />
      </Group>
    </section>
  )
}
