import { HistoryOutlined } from '@ant-design/icons'
import { type Product, ROUTES } from '@zhanggui/contract'
import { Alert, Button, Card } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { Page, PageSkeleton } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
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

function Editor({ product, reload }: { product: Product | undefined; reload: () => void }) {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const { done, failed } = useFeedback()
  const [versions, setVersions] = useState(false)
  const [initial] = useState(() => (product ? valuesOf(product) : EMPTY_PRODUCT))
  const create = useWrite('console.createProduct', ['console.products'])
  const update = useWrite('console.updateProduct', ['console.products', 'console.productVersions'])
  const publish = useWrite('console.publishProducts', ['console.products'])
  const list = `/s/${shop.slug}/products`
  const setOnSale = async (id: string, onSale: boolean) => {
    const { refused } = await publish.mutateAsync({ params: { shopId }, body: { productIds: [id], onSale } })
    if (refused[0]) return failed(new Error(refused[0].reason))
    done(t(onSale ? 'product.published' : 'product.unpublished', { count: 1 }))
  }
  const state = useResourceForm({
    schema: ROUTES['console.createProduct'].body,
    initial,
    toInput: (values) => inputOf(values, product),
    submit: async (body) => {
      const saved = product
        ? await update.mutateAsync({
            params: { shopId, productId: product.id },
            body: { ...body, version: product.version },
          })
        : await create.mutateAsync({ params: { shopId }, body })
      saveResult.current = saved
    },
  })
  const saveResult = useSaved()
  useUnsavedGuard(state.isDirty)
  const save = async (onSale: boolean) => {
    if (!(await state.submitNow())) return false
    const saved = saveResult.current!
    if (onSale) await setOnSale(saved.id, true)
    else done(t('product.saved'))
    if (product) reload()
    else void navigate(`${list}/${saved.id}`, { replace: true })
    return true
  }
  const takeOff = async () => {
    await setOnSale(product!.id, false)
    reload()
  }
  const writable = may('catalog.write')
  const busy = state.submitting || publish.isPending
  const actions = (
    <>
      {product && (
        <Button icon={<HistoryOutlined />} onClick={() => setVersions(true)}>
          {t('product.versions')}
        </Button>
      )}
      {writable && product?.state === 'on-sale' && (
        <Button disabled={busy} onClick={() => void takeOff().catch(failed)}>
          {t('product.unpublish')}
        </Button>
      )}
      {writable && product?.state !== 'on-sale' && (
        <Button disabled={busy} onClick={() => void save(false).catch(failed)}>
          {t('product.saveDraft')}
        </Button>
      )}
      {writable && (
        <Button type="primary" loading={busy} onClick={() => void save(product?.state !== 'on-sale').catch(failed)}>
          {product?.state === 'on-sale' ? t('action.save') : t('product.saveAndPublish')}
        </Button>
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
      {product && versions && <VersionsDrawer productId={product.id} onClose={() => setVersions(false)} />}
    </Page>
  )
}

/** Where the form leaves what the server has answered. */
function useSaved(): { current: Product | undefined } {
  return useState<{ current: Product | undefined }>(() => ({ current: undefined }))[0]
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
