import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, HolderOutlined } from '@ant-design/icons'
import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { PRODUCT_LAYOUTS } from '@zhanggui/contract'
import { Button, Segmented, Select } from 'antd'
import { t } from '../../../i18n/index.ts'
import { moveItem } from '../../../kit/move-item.ts'
import { ProductLine, ProductPicker } from '../../products/product-picker.tsx'
import { Field, Group, type PanelProps, useEditing } from '../fields.tsx'
import { CategoryField, LinkPicker } from '../link-picker.tsx'
import { NumberField, TitleField } from './basics.tsx'

const SORTS = ['default', 'new', 'sold', 'price-asc', 'price-desc'] as const
const MOST_PRODUCTS = 60

function LayoutField({ block, patch }: PanelProps) {
  const { isWritable } = useEditing()
  return (
    <Field label={t('design.layout')}>
      <Segmented
        block
        aria-label={t('design.layout')}
        disabled={!isWritable}
        value={String(block.layout ?? 'grid')}
        options={PRODUCT_LAYOUTS.map((value) => ({ value, label: t(`design.layout.${value}`) }))}
        onChange={(layout) => patch({ layout })}
      />
    </Field>
  )
}

const LimitField = (props: PanelProps) => (
  <NumberField {...props} name="limit" label={t('design.limit')} min={1} max={30} />
)

/** What sells, and what is new: by themselves. */
export function AutomaticPanel(props: PanelProps) {
  return (
    <>
      <TitleField {...props} />
      <LayoutField {...props} />
      <LimitField {...props} />
    </>
  )
}

/** Coupons and live rooms: as many as there are. */
export function CountedPanel(props: PanelProps) {
  return (
    <>
      <TitleField {...props} />
      <LimitField {...props} />
      <p className="soft small">{t(props.block.kind === 'live' ? 'design.liveHint' : 'design.couponsHint')}</p>
    </>
  )
}

export const FeedPanel = (props: PanelProps) => (
  <>
    <TitleField {...props} />
    <p className="soft small">{t('design.feedHint')}</p>
  </>
)

type Source =
  | { kind: 'hand'; productIds: string[] }
  | { kind: 'rule'; sort: (typeof SORTS)[number]; categoryId: string | null }

export function ProductsPanel(props: PanelProps) {
  const { block, patch } = props
  const { isWritable } = useEditing()
  const source = (block.source ?? { kind: 'rule', sort: 'default', categoryId: null }) as Source
  return (
    <>
      <TitleField {...props} />
      <Field label={t('design.source')}>
        <Segmented
          block
          aria-label={t('design.source')}
          disabled={!isWritable}
          value={source.kind}
          options={(['rule', 'hand'] as const).map((value) => ({ value, label: t(`design.source.${value}`) }))}
          onChange={(kind) =>
            patch({
              source: kind === 'hand' ? { kind, productIds: [] } : { kind, sort: 'default', categoryId: null },
            })
          }
        />
      </Field>
      {source.kind === 'hand' ? (
        <Group label={t('design.products')} hint={t('design.productsHint')}>
          <ProductsField
            productIds={source.productIds}
            onChange={(productIds) => patch({ source: { kind: 'hand', productIds } })}
          />
        </Group>
      ) : (
        <>
          <Field label={t('design.category')}>
            <CategoryField
              aria-label={t('design.category')}
              disabled={!isWritable}
              placeholder={t('design.categoryAll')}
              value={source.categoryId}
              onChange={(categoryId) => patch({ source: { ...source, categoryId } })}
            />
          </Field>
          <Field label={t('design.sort')}>
            <Select
              aria-label={t('design.sort')}
              disabled={!isWritable}
              value={source.sort}
              options={SORTS.map((value) => ({ value, label: t(`design.sort.${value}`) }))}
              onChange={(sort) => patch({ source: { ...source, sort } })}
            />
          </Field>
        </>
      )}
      <LayoutField {...props} />
      <LimitField {...props} />
      <Group label={t('design.more')} hint={t('design.moreHint')}>
        <LinkPicker link={block.more} label={t('design.more')} onChange={(more, key) => patch({ more }, key)} />
      </Group>
    </>
  )
}

/** Products in the order in which they are shown: dragged, or moved with the arrows. */
function ProductsField({ productIds, onChange }: { productIds: string[]; onChange: (ids: string[]) => void }) {
  const { addProduct, isWritable } = useEditing()
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }))
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    const [from, to] = [productIds.indexOf(String(active.id)), productIds.indexOf(String(over?.id))]
    if (from >= 0 && to >= 0 && from !== to) onChange(moveItem(productIds, from, to))
  }
  return (
    <div className="stack-s">
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
        <SortableContext items={productIds} strategy={verticalListSortingStrategy} disabled={!isWritable}>
          {productIds.map((id, index) => (
            <ProductRow
              key={id}
              id={id}
              isFirst={index === 0}
              isLast={index === productIds.length - 1}
              move={(by) => onChange(moveItem(productIds, index, index + by))}
              remove={() => onChange(productIds.filter((each) => each !== id))}
            />
          ))}
        </SortableContext>
      </DndContext>
      {isWritable && productIds.length < MOST_PRODUCTS && (
        <ProductPicker
          taken={productIds}
          onPick={(product) => {
            addProduct(product)
            onChange([...productIds, product.id])
          }}
        />
      )}
    </div>
  )
}

interface RowProps {
  id: string
  isFirst: boolean
  isLast: boolean
  move: (by: number) => void
  remove: () => void
}

function ProductRow({ id, isFirst, isLast, move, remove }: RowProps) {
  const { products, isWritable } = useEditing()
  const { setNodeRef, transform, transition, listeners } = useSortable({ id })
  const product = products.get(id)
  const title = product?.title ?? t('design.productGone')
  return (
    <div
      ref={setNodeRef}
      className="design-product"
      style={{ transform: CSS.Translate.toString(transform) ?? '', transition: transition ?? '' }}
    >
      {isWritable && <HolderOutlined className="design-grip" {...listeners} />}
      {product ? <ProductLine product={product} /> : <span className="red small">{title}</span>}
      {isWritable && (
        <span className="design-row-tools">
          <Button
            size="small"
            type="text"
            icon={<ArrowUpOutlined />}
            disabled={isFirst}
            aria-label={t('design.rowUp', { name: title })}
            onClick={() => move(-1)}
          />
          <Button
            size="small"
            type="text"
            icon={<ArrowDownOutlined />}
            disabled={isLast}
            aria-label={t('design.rowDown', { name: title })}
            onClick={() => move(1)}
          />
          <Button
            size="small"
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('design.rowRemove', { name: title })}
            onClick={remove}
          />
        </span>
      )}
    </div>
  )
}
