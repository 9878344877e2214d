import { ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons'
import type { RelatedProduct, RelationKind } from '@zhanggui/contract'
import { Button } from 'antd'
import { useShop } from '../../../app/session.tsx'
import { t } from '../../../i18n/index.ts'
import { useRead, useWrite } from '../../../kit/api.ts'
import { Loaded, useFeedback } from '../../../kit/feedback.tsx'
import { moveItem } from '../../../kit/move-item.ts'
import { ProductLine, ProductPicker } from '../product-picker.tsx'
import { ProductStateTag } from '../state-tag.tsx'
import { Section, type SectionProps } from './section.tsx'

/** Goods that the shop picks beside a product; each change is kept at once. */
export function RelatedSection({ product }: SectionProps) {
  const { shopId } = useShop()
  const read = useRead('console.relatedProducts', { params: { shopId, productId: product!.id } })
  return (
    <Section id="related" title="related.section">
      <Loaded query={read} rows={2}>
        {(lists) => (
          <div className="stack-l">
            {(['related', 'substitute'] as const).map((kind) => (
              <RelatedList key={kind} kind={kind} productId={product!.id} items={lists[kind]} />
            ))}
          </div>
        )}
      </Loaded>
    </Section>
  )
}

function RelatedList({ kind, productId, items }: { kind: RelationKind; productId: string; items: RelatedProduct[] }) {
  const { shopId, may } = useShop()
  const { failed, done } = useFeedback()
  const write = useWrite('console.setRelatedProducts', ['console.relatedProducts'])
  const set = (productIds: string[]) =>
    write.mutate(
      { params: { shopId, productId }, body: { kind, productIds } },
      { onSuccess: () => done(t('related.saved')), onError: failed },
    )
  const ids = items.map(({ id }) => id)
  const writable = may('catalog.write')
  return (
    <div className="stack-s" data-testid={`related-${kind}`}>
      <div>
        <span className="strong">{t(`related.${kind}`)}</span> <span className="soft">{t(`related.${kind}Hint`)}</span>
      </div>
      {items.length === 0 && <span className="faint">{t('related.none')}</span>}
      {items.map((item, index) => (
        <div key={item.id} className="related-row">
          <ProductLine product={item} />
          {item.state !== 'on-sale' && <ProductStateTag state={item.state} />}
          {writable && (
            <>
              <Button
                type="text"
                size="small"
                icon={<ArrowUpOutlined />}
                disabled={index === 0 || write.isPending}
                aria-label={t('related.up', { title: item.title })}
                onClick={() => set(moveItem(ids, index, index - 1))}
              />
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                disabled={write.isPending}
                aria-label={t('related.remove', { title: item.title })}
                onClick={() => set(ids.filter((id) => id !== item.id))}
              />
            </>
          )}
        </div>
      ))}
      {writable && <ProductPicker exceptId={productId} taken={ids} onPick={({ id }) => set([...ids, id])} />}
    </div>
  )
}
