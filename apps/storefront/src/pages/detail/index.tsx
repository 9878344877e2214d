import { type JSX, useState } from '@hooks'
import { Button, Icon, Image, Link, NavBar, Price, Screen, SWIPER_SIZES, Swiper, Tag, Tap, Text, View } from '@kit'
import { linesText } from '@model/cart.ts'
import { type Choice, chosenSku, firstChoice } from '@model/skus.ts'
import { countText } from '@model/texts.ts'
import { navigate, share, toast, useOnPullDown } from '@platform'
import type { StoreProduct } from '@zhanggui/contract'
import { useApp, useCell } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { useAct } from '../../parts/use-act.ts'
import { SkuSheet } from './sku-sheet.tsx'
import './detail.css'

interface DetailData {
  product: StoreProduct
}

/** What the open sheet ends in. */
type Wish = 'cart' | 'buy' | 'both'

function DetailView({ data: { product }, reload }: ViewProps<'detail', DetailData>): JSX.Element {
  const { api, shop, cartCount, track } = useApp()
  const { isBusy, act } = useAct()
  const [wish, setWish] = useState<Wish | undefined>(undefined)
  const [choice, setChoice] = useState<Choice>(() => firstChoice(product))
  const [quantity, setQuantity] = useState(1)
  const sku = chosenSku(product, choice)
  useOnPullDown(reload)

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
          <Tap
            className="zg-icon-key"
            label="分享"
            onTap={() => void share({ title: product.title, name: 'detail', params: { id: product.id } })}
          >
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
            <Info product={product} />
            <Tap
              className="zg-panel zg-detail-choice"
              testId="choose-sku"
              isDisabled={product.soldOut}
              onTap={() => setWish('both')}
            >
              <Text className="zg-muted">已选</Text>
              <Text className="zg-grow zg-clip">{chosenText(product, choice, quantity)}</Text>
              <Icon name="chevron" />
            </Tap>
            <Promises />
            {product.attributes.length > 0 && <Attributes product={product} />}
          </View>
        </View>
        <Detail product={product} />
      </Screen>
      <Actions product={product} isBusy={isBusy} onWish={setWish} />
      <SkuSheet
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
    </View>
  )
}

function chosenText(product: StoreProduct, choice: Choice, quantity: number): string {
  const chosen = choice.filter((value) => value !== undefined)
  if (product.options.length > 0 && chosen.length < product.options.length)
    return `请选择 ${product.options.map(({ name }) => name).join('、')}`
  return [...chosen, `${quantity} 件`].join('，')
}

function Info({ product }: { product: StoreProduct }): JSX.Element {
  return (
    <View className="zg-panel">
      <View className="zg-detail-price">
        <Price
          fen={product.minPriceFen}
          size="large"
          isFrom={product.maxPriceFen > product.minPriceFen}
          testId="price"
        />
        {product.listPriceFen !== null && product.listPriceFen > product.minPriceFen && (
          <Text as="del" className="zg-muted" label="划线价">
            <Price fen={product.listPriceFen} size="small" isMuted />
          </Text>
        )}
        {product.soldCount > 0 && (
          <Text className="zg-muted zg-small zg-detail-sold">已售 {countText(product.soldCount)}</Text>
        )}
      </View>
      <Text as="h2" className="zg-detail-title">
        {product.title}
      </Text>
      {product.subtitle !== '' && (
        <Text as="p" className="zg-muted zg-small">
          {product.subtitle}
        </Text>
      )}
      {product.tags.length > 0 && (
        <View className="zg-detail-tags">
          {product.tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </View>
      )}
    </View>
  )
}

const Promises = (): JSX.Element => (
  <View className="zg-panel zg-detail-promises">
    <Icon name="shield" />
    <Text>微信支付 · 发货前可随时退款</Text>
  </View>
)

const Attributes = ({ product }: { product: StoreProduct }): JSX.Element => (
  <View className="zg-panel" role="region" label="商品参数">
    <Text as="h2" className="zg-panel-title">
      商品参数
    </Text>
    {product.attributes.map(({ name, value }) => (
      <View className="zg-detail-attribute" key={name}>
        <Text className="zg-detail-attribute-name">{name}</Text>
        <Text className="zg-grow">{value}</Text>
      </View>
    ))}
  </View>
)

const DETAIL_SIZES = '(min-width: 900px) 760px, 100vw'

function Detail({ product }: { product: StoreProduct }): JSX.Element | null {
  if (product.detail === '' && product.detailPictures.length === 0) return null
  return (
    <View className="zg-panel zg-detail-story">
      <Text as="h2" className="zg-panel-title">
        商品详情
      </Text>
      {product.detail.split(/\n+/).map((paragraph) => (
        <Text as="p" className="zg-detail-paragraph" key={paragraph}>
          {paragraph}
        </Text>
      ))}
      {product.detailPictures.map((picture) => (
        <Image key={picture.fileId} className="zg-detail-picture" picture={picture} alt="" sizes={DETAIL_SIZES} />
      ))}
    </View>
  )
}

function Actions({
  product,
  isBusy,
  onWish,
}: {
  product: StoreProduct
  isBusy: boolean
  onWish: (wish: Wish) => void
}): JSX.Element {
  const { cartCount } = useApp()
  const count = useCell(cartCount)
  return (
    <View className="zg-actions">
      <View className="zg-actions-inner">
        <Link className="zg-detail-corner" to="home" params={{}} isTab>
          <Icon name="home" />
          <Text>首页</Text>
        </Link>
        <Link className="zg-detail-corner" to="cart" params={{}} isTab testId="to-cart" label={`购物车，${count} 件`}>
          <Icon name="cart" />
          <Text>购物车</Text>
          {count > 0 && <Text className="zg-badge">{count > 99 ? '99+' : count}</Text>}
        </Link>
        <View className="zg-detail-gap" />
        {product.soldOut ? (
          <Button
            kind="plain"
            size="large"
            isDisabled
            className="zg-detail-main"
            testId="sold-out"
            onTap={() => undefined}
          >
            已售罄
          </Button>
        ) : (
          <View className="zg-detail-buttons">
            <Button kind="soft" size="large" isBusy={isBusy} testId="add-to-cart" onTap={() => onWish('cart')}>
              加入购物车
            </Button>
            <Button size="large" testId="buy-now" onTap={() => onWish('buy')}>
              立即购买
            </Button>
          </View>
        )}
      </View>
    </View>
  )
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
