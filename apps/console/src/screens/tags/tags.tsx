import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import type { TagDimension } from '@zhanggui/contract'
import { Button, Card, Empty, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { DimensionDialog } from './dimension-dialog.tsx'

/** What most shops begin with. */
const PRESETS = ['scene', 'audience', 'season'] as const

/** A line such as `场景：春、夏` as a dimension with its values. */
function presetOf(name: (typeof PRESETS)[number]): { name: string; values: string[] } {
  const [dimension, values] = t(`tags.preset.${name}`).split(/\uff1a|: /) as [string, string]
  return { name: dimension, values: values.split(t('list.and')) }
}

/** The shop's tag vocabulary: dimensions with their values. */
export default function TagsPage() {
  const { shopId, may } = useShop()
  const read = useRead('console.tagDimensions', { params: { shopId } })
  const { done, failed } = useFeedback()
  const create = useWrite('console.createTagDimension', ['console.tagDimensions'])
  const [edited, setEdited] = useState<TagDimension | 'new'>()
  const writable = may('catalog.write')
  const addPreset = async () => {
    try {
      for (const [position, preset] of PRESETS.entries()) {
        const { name, values } = presetOf(preset)
        await create.mutateAsync({
          params: { shopId },
          body: { name, position, storefront: true, values: values.map((each) => ({ name: each })) },
        })
      }
      done(t('tags.presetDone'))
    } catch (error) {
      failed(error)
    }
  }
  const add = writable && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
      {t('tags.create')}
    </Button>
  )
  return (
    <Page title={t('tags.title')} hint={t('tags.hint')} actions={add}>
      <Loaded query={read}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              image={Empty.PRESENTED_IMAGE_SIMPLE}
              description={
                <>
                  <div className="strong">{t('tags.none')}</div>
                  <div className="soft">{t('tags.noneHint')}</div>
                </>
              }
            >
              {writable && (
                <Button loading={create.isPending} onClick={() => void addPreset()}>
                  {t('tags.preset')}
                </Button>
              )}
            </Empty>
          ) : (
            <div className="role-cards">
              {items.map((dimension) => (
                <DimensionCard
                  key={dimension.id}
                  dimension={dimension}
                  writable={writable}
                  edit={() => setEdited(dimension)}
                />
              ))}
            </div>
          )
        }
      </Loaded>
      {edited !== undefined && (
        <DimensionDialog dimension={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Page>
  )
}

function DimensionCard({
  dimension,
  writable,
  edit,
}: {
  dimension: TagDimension
  writable: boolean
  edit: () => void
}) {
  const { shopId } = useShop()
  const { confirm, done } = useFeedback()
  const remove = useWrite('console.deleteTagDimension', ['console.tagDimensions'])
  const ask = () =>
    confirm({
      title: t('tags.removeAsk', { name: dimension.name, count: dimension.values.length }),
      okText: t('tags.remove'),
      danger: true,
      run: async () => {
        await remove.mutateAsync({ params: { shopId, dimensionId: dimension.id } })
        done(t('tags.removed', { name: dimension.name }))
      },
    })
  const tools = writable && (
    <>
      <Button
        type="text"
        icon={<EditOutlined />}
        aria-label={t('tags.edit', { name: dimension.name })}
        onClick={edit}
      />
      <Button type="text" icon={<DeleteOutlined />} aria-label={t('tags.remove')} onClick={ask} />
    </>
  )
  return (
    <Card title={dimension.name} extra={tools} data-testid="tag-dimension">
      <div className="tag-values">
        {dimension.values.map((value) => (
          <Tag key={value.id} title={t('tags.products', { count: value.productCount })}>
            {value.name} <span className="faint num">{value.productCount}</span>
          </Tag>
        ))}
      </div>
      {!dimension.storefront && <p className="faint small gap-top">{t('tags.storefrontNo')}</p>}
    </Card>
  )
}
