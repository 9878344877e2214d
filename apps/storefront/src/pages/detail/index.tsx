import { type JSX, useEffect, useState } from '@hooks'
import { Below, Icon, NavBar, Screen, SWIPER_SIZES, Swiper, Tap, ToTop, View } from '@kit'
import { linesText } from '@model/cart.ts'
import { type Choice, chosenSku, firstChoice } from '@model/skus.ts'
import { addViewed } from '@model/viewed.ts'
import { navigate, storage, toast, useOnPullDown } from '@platform'
import type { StoreProduct } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { useLate } from '../../parts/late.ts'
import { Recommendations } from '../../parts/recommendations.tsx'
import { ServiceButton } from '../../parts/service.tsx'
import { useAct } from '../../parts/use-act.ts'
import { usePriceChange } from '../../parts/use-price-change.ts'
import { Actions, type Wish } from './actions.tsx'
import { ChoiceRow } from './choice-row.tsx'
import { Attributes, Info, Promises } from './info.tsx'
import { Reviews } from './reviews.tsx'
import { Story } from './story.tsx'
import './detail.css'

interface DetailData {
  product: StoreProduct
}

const later = () => import('./later.ts')

function DetailView({ data: { product }, reload }: ViewProps<'detail', DetailData>): JSX.Element {
  const { api, shop, cartCount, track } = useApp()
  const { isBusy, act } = useAct()
  const [wish, setWish] = useState<Wish | undefined>(undefined)
  const [isSharing, setSharing] = useState(false)
  const [isPlacing, setPlacing] = useState(false)
  const [choice, setChoice] = useState<Choice>(() => firstChoice(product))
  const [quantity, setQuantity] = useState(1)
  const sku = chosenSku(product, choice)
  useEffect(() => addViewed(storage, product.id), [product.id])
  useOnPullDown(reload)
  usePriceChange([product.priceTag?.nextChangeAt], reload)

  const Later = useLate(later, wish !== undefined || isPlacing || isSharing, () => {
    setWish(undefined)
    setPlacing(false)
    setSharing(false)
    toast('网络不给力，请再点一次', 'bad')
  })

  const finish = (way: 'cart' | 'buy') => {
    if (!sku) return
    if (way === 'buy') {
      setWish(undefined)
      return navigate('checkout', { lines: linesText([{ skuId: sku.id, quantity }]) })
    }
    act(async () => {
      const cart = await api('cart.add', { body: { shopId: shop.id, skuId: sku.id, quantity } })
      cartCount.set(cart.count)
      track({ name: 'cart_add', productId: product.id, skuId: sku.id, quantity })
      setWish(undefined)
      toast('已加入购物车', 'good')
    })
  }
  return (
    <View>
      <NavBar
        title="商品详情"
        back="home"
        right={
          <Tap className="zg-icon-key" label="分享" testId="share" onTap={() => setSharing(true)}>
            <Icon name="share" />
          </Tap>
        }
      />
      <Screen className="zg-detail" hasBar>
        <View className="zg-detail-top">
          <View className="zg-detail-pictures">
            <Swiper pictures={product.pictures} alt={product.title} />
          </View>
          <View className="zg-detail-info">
            <Info product={product} sku={sku} reload={reload} />
            <ChoiceRow
              name={product.soldOut || isOpen(product, choice) ? '规格' : '已选'}
              text={chosenText(product, choice, quantity)}
              testId="choose-sku"
              onTap={() => setWish('both')}
            />
            {Later ? (
              <Later.DeliverTo
                product={product}
                sku={sku}
                isOpen={isPlacing}
                onOpen={() => setPlacing(true)}
                onClose={() => setPlacing(false)}
              />
            ) : (
              <ChoiceRow name="送至" text="选择地区" testId="deliver-to" onTap={() => setPlacing(true)} />
            )}
            <Below>
              <Reviews product={product} />
              <Promises />
              {product.attributes.length + product.tagValues.length > 0 && <Attributes product={product} />}
            </Below>
          </View>
        </View>
        <Below>
          {product.soldOut && <Recommendations slot="similar" title="相似的，现在就能买" productId={product.id} />}
          <Story product={product} />
          <Recommendations slot="related" title="搭配着看看" productId={product.id} />
        </Below>
      </Screen>
      <View className="zg-float zg-float-bar">
        <ServiceButton />
        <ToTop />
      </View>
      <Actions product={product} isBusy={isBusy} onWish={setWish} />
      {Later && (
        <Later.SkuSheet
          product={product}
          isOpen={wish !== undefined}
          ways={wish === 'both' || wish === undefined ? ['cart', 'buy'] : [wish]}
          choice={choice}
          quantity={quantity}
          isBusy={isBusy}
          onChoice={setChoice}
          onQuantity={setQuantity}
          onClose={() => setWish(undefined)}
          onFinish={finish}
        />
      )}
      {Later && (
        <Later.ShareSheet
          isOpen={isSharing}
          onClose={() => setSharing(false)}
          subject={{
            productId: product.id,
            title: product.title,
            subtitle: product.subtitle,
            price: `${formatMoney(product.minPriceFen)}${product.maxPriceFen > product.minPriceFen ? ' 起' : ''}`,
            picture: product.picture,
          }}
        />
      )}
    </View>
  )
}

/** Whether some option has no value yet. */
const isOpen = ({ options }: StoreProduct, choice: Choice): boolean =>
  options.some((_, index) => choice[index] === undefined)

function chosenText(product: StoreProduct, choice: Choice, quantity: number): string {
  const chosen = choice.filter((value) => value !== undefined)
  if (isOpen(product, choice)) return `请选择${product.options.map(({ name }) => name).join('、')}`
  return [...chosen, `${quantity} 件`].join('，')
}

export default definePage<'detail', DetailData>({
  name: 'detail',
  access: 'public',
  load: async ({ api, shop, params }) => ({
    product: await api('store.product', { params: { shopId: shop.id, productId: params.id } }),
  }),
  head: ({ product }) => ({
    title: product.title,
    description: [product.subtitle, product.detail.replace(/\s+/g, ' ')].filter(Boolean).join('。'),
    picture: product.picture,
  }),
  firstPictures: ({ product }) => product.pictures.slice(0, 1).map((picture) => ({ picture, sizes: SWIPER_SIZES })),
  View: DetailView,
})
