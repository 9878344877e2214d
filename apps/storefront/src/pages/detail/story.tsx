import type { JSX } from '@hooks'
import { Image, Text, View } from '@kit'
import type { StoreProduct } from '@zhanggui/contract'

const DETAIL_SIZES = '(min-width: 900px) 760px, 100vw'

/** What the shop tells of the goods, in words and pictures. */
export function Story({ product }: { product: StoreProduct }): JSX.Element | null {
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
