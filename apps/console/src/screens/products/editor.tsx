import { HistoryOutlined } from '@ant-design/icons'
import { type Product, ROUTES } from '@zhanggui/contract'
import { Alert, Button, Card } from 'antd'
import { useRef, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { Page, PageSkeleton } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { type Input, useRead, useWrite } from '../../kit/api.ts'
import { Failure, useFeedback } from '../../kit/feedback.tsx'
import { FormBody, useResourceForm, useUnsavedGuard } from '../../kit/resource-form.tsx'
import { ProductFields } from './fields.tsx'
import { EMPTY_PRODUCT, inputOf, valuesOf } from './product-form.ts'
import { ProductStateTag } from './state-tag.tsx'
import { VersionsDrawer } from './versions.tsx'

/** A new product, or one that is there already. */
export default function ProductEditorPage() {
  const { shopId } = useShop()
  const { productId } = useParams()
  const read = useRead(
    'console.product',
    { params: { shopId, productId: productId ?? '' } },
    { enabled: productId !== undefined, once: true },
  )
  if (productId === undefined) return <Editor key="new" product={undefined} reload={() => {}} />
  if (read.isError && !read.data) return <Failure error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <PageSkeleton />
  return <Editor key={`${read.data.id}-${read.dataUpdatedAt}`} product={read.data} reload={() => void read.refetch()} />
}

/** Saving and publishing a product, one after the other. */
function useProductWrites(product: Product | undefined) {
  const { shopId } = useShop()
  const { done, failed } = useFeedback()
  const create = useWrite('console.createProduct', ['console.products'])
  const update = useWrite('console.updateProduct', ['console.products', 'console.productVersions'])
  const publish = useWrite('console.publishProducts', ['console.products'])
  const store = (body: Input<'console.createProduct'>['body']): Promise<Product> => {
    if (!product) return create.mutateAsync({ params: { shopId }, body })
    return update.mutateAsync({
      params: { shopId, productId: product.id },
      body: { ...body, version: product.version },
    })
  }
  /** Tells what came of it; never throws, for what was saved before stays saved. */
  const setOnSale = async (id: string, onSale: boolean): Promise<void> => {
    try {
      const { refused } = await publish.mutateAsync({ params: { shopId }, body: { productIds: [id], onSale } })
      if (refused[0]) failed(new Error(refused[0].reason))
      else done(t(onSale ? 'product.published' : 'product.unpublished', { count: 1 }))
    } catch (error) {
      failed(error)
    }
  }
  return { store, setOnSale, isPublishing: publish.isPending }
}

function Editor({ product, reload }: { product: Product | undefined; reload: () => void }) {
  const { shop, may } = useShop()
  const navigate = useNavigate()
  const { done, warn } = useFeedback()
  const [versions, setVersions] = useState(false)
  const [initial] = useState(() => (product ? valuesOf(product) : EMPTY_PRODUCT))
  const saved = useRef<Product>(undefined)
  const { store, setOnSale, isPublishing } = useProductWrites(product)
  const list = `/s/${shop.slug}/products`
  const state = useResourceForm({
    schema: ROUTES['console.createProduct'].body,
    initial,
    toInput: (values) => inputOf(values, product),
    submit: async (body) => {
      saved.current = await store(body)
    },
  })
  useUnsavedGuard(state.isDirty)
  const save = async (onSale: boolean) => {
    if (!(await state.submitNow())) return false
    const { id } = saved.current!
    if (onSale) await setOnSale(id, true)
    else done(t('product.saved'))
    if (product) reload()
    else void navigate(`${list}/${id}`, { replace: true })
    return true
  }
  const takeOff = async () => {
    if (state.isDirty()) return warn(t('product.saveFirst'))
    await setOnSale(product!.id, false)
    reload()
  }
  const writable = may('catalog.write')
  const actions = (
    <>
      {product && (
        <Button icon={<HistoryOutlined />} onClick={() => setVersions(true)}>
          {t('product.versions')}
        </Button>
      )}
      {writable && (
        <WriteButtons
          isOnSale={product?.state === 'on-sale'}
          busy={state.submitting || isPublishing}
          save={save}
          takeOff={takeOff}
        />
      )}
    </>
  )
  return (
    <Page
      title={product ? product.title : t('product.create')}
      mark={product && <ProductStateTag state={product.state} />}
      back={list}
      actions={actions}
    >
      <FormBody
        state={{ ...state, submitNow: () => save(false) }}
        initial={initial}
        onReload={reload}
        disabled={!writable}
      >
        {product && product.missing.length > 0 && <Missing missing={product.missing} />}
        <ProductFields product={product} />
      </FormBody>
      {product && versions && (
        <VersionsDrawer
          productId={product.id}
          version={product.version}
          onClose={() => setVersions(false)}
          onRestored={reload}
        />
      )}
    </Page>
  )
}

interface WriteButtonsProps {
  isOnSale: boolean
  busy: boolean
  save: (onSale: boolean) => Promise<unknown>
  takeOff: () => Promise<unknown>
}

function WriteButtons({ isOnSale, busy, save, takeOff }: WriteButtonsProps) {
  return (
    <>
      <Button disabled={busy} onClick={() => void (isOnSale ? takeOff() : save(false))}>
        {isOnSale ? t('product.unpublish') : t('product.saveDraft')}
      </Button>
      <Button type="primary" loading={busy} onClick={() => void save(!isOnSale)}>
        {isOnSale ? t('action.save') : t('product.saveAndPublish')}
      </Button>
    </>
  )
}

function Missing({ missing }: { missing: string[] }) {
  return (
    <Card size="small" className="missing">
      <Alert
        type="warning"
        showIcon
        title={t('product.missing')}
        description={
          <ul>
            {missing.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        }
      />
    </Card>
  )
}
