import { type JSX, useEffect, useState } from '@hooks'
import { Tap, Text } from '@kit'
import { toast } from '@platform'
import { useApp } from '../app.ts'
import { useAct } from './use-act.ts'

/** A heart: liked or not, and the other way round by a tap. Also remembers that the product was looked at. (UX-02) */
export function FavouriteKey({ productId }: { productId: string }): JSX.Element {
  const { api, shop } = useApp()
  const { isBusy, act } = useAct()
  const [isLiked, setLiked] = useState(false)
  const params = { shopId: shop.id, productId }
  useEffect(() => {
    api('store.favourite', { params })
      .then(({ isFavourite, isSignedIn }) => {
        setLiked(isFavourite)
        return isSignedIn ? api('buyer.saw', { params }) : undefined
      })
      .catch(() => undefined)
  }, [productId])
  const toggle = () =>
    act(async () => {
      await api(isLiked ? 'buyer.removeFavourite' : 'buyer.addFavourite', { params })
      setLiked(!isLiked)
      toast(isLiked ? '已取消收藏' : '已收藏，降价会标出来', 'good')
    })
  return (
    <Tap
      className={isLiked ? 'zg-detail-corner zg-detail-liked' : 'zg-detail-corner'}
      isChosen={isLiked}
      isDisabled={isBusy}
      label={isLiked ? '已收藏，再点取消' : '收藏'}
      testId="favourite"
      onTap={toggle}
    >
      <Text className="zg-detail-heart">{isLiked ? '♥' : '♡'}</Text>
      <Text>{isLiked ? '已收藏' : '收藏'}</Text>
    </Tap>
  )
}
