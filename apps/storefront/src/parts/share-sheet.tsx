import { type JSX, useEffect, useState } from '@hooks'
import { Button, Icon, Image, Sheet, Skeleton, Tap, Text, View } from '@kit'
import { canShare, copy, drawPoster, savePicture, share, toast } from '@platform'
import type { Picture, ShareLink } from '@zhanggui/contract'
import { useApp } from '../app.ts'
import { messageOf } from './use-act.ts'

export interface Shareable {
  productId: string
  title: string
  subtitle: string
  price: string
  picture: Picture | null
}

interface Made {
  link: ShareLink
  /** Undefined where no poster can be drawn: the link is still there. */
  poster: string | undefined
}

/**
 * A poster with the QR code of this sharer's own address, that address to copy, and the machine's own way of sharing.
 * What is opened through it is known to come from this share. (UX-05)
 */
export function ShareSheet({
  subject,
  isOpen,
  onClose,
}: {
  subject: Shareable
  isOpen: boolean
  onClose: () => void
}): JSX.Element {
  const { api, shop, track } = useApp()
  const [made, setMade] = useState<Made | undefined>(undefined)
  const [error, setError] = useState<string | undefined>(undefined)
  const make = async () => {
    setError(undefined)
    try {
      const link = await api('store.share', {
        params: { shopId: shop.id },
        body: { page: 'detail', subject: subject.productId },
      })
      const poster = await drawPoster({
        ...subject,
        shopName: shop.name,
        pictureUrl: subject.picture?.url ?? null,
        qrSvg: link.qrSvg,
        miniCodeUrl: link.miniCodeUrl,
        actionColor: shop.theme.action,
      }).catch(() => undefined)
      setMade({ link, poster })
    } catch (failure) {
      setError(messageOf(failure))
    }
  }
  useEffect(() => {
    if (isOpen && !made) void make()
  }, [isOpen])
  const shared = (way: 'link' | 'poster' | 'friend') =>
    track({ name: 'share', page: 'detail', productId: subject.productId, way })
  const copyLink = async (url: string) => {
    await copy(url)
    shared('link')
    toast('链接已复制', 'good')
  }
  const send = async (code: string) => {
    shared('friend')
    await share({ title: subject.title, name: 'detail', params: { id: subject.productId, from: code } })
  }
  const save = async (poster: string) => {
    await savePicture(poster, subject.title.slice(0, 20))
    shared('poster')
    toast('海报已保存', 'good')
  }
  return (
    <Sheet isOpen={isOpen} onClose={onClose} title="分享给好友" testId="share-sheet">
      {error !== undefined ? (
        <View className="zg-share-failed">
          <Text as="p" className="zg-muted">
            {error}
          </Text>
          <Button kind="soft" onTap={() => void make()}>
            重试
          </Button>
        </View>
      ) : made ? (
        <View className="zg-share">
          {made.poster !== undefined && (
            <View className="zg-share-poster">
              <Image
                picture={{ fileId: 'poster', url: made.poster, width: 750, height: 1180 }}
                alt={`海报：${subject.title}，${subject.price}，带二维码`}
                sizes="240px"
                isFirst
              />
            </View>
          )}
          <View className="zg-share-ways">
            {made.poster !== undefined && (
              <Tap className="zg-share-way" testId="share-save" onTap={() => void save(made.poster!)}>
                <View className="zg-service-disc">
                  <Icon name="picture" />
                </View>
                <Text>保存海报</Text>
              </Tap>
            )}
            <Tap className="zg-share-way" testId="share-copy" onTap={() => void copyLink(made.link.url)}>
              <View className="zg-service-disc">
                <Icon name="link" />
              </View>
              <Text>复制链接</Text>
            </Tap>
            {canShare() && (
              <Tap className="zg-share-way" testId="share-send" onTap={() => void send(made.link.code)}>
                <View className="zg-service-disc">
                  <Icon name="share" />
                </View>
                <Text>发送好友</Text>
              </Tap>
            )}
          </View>
          <Text as="p" className="zg-small zg-muted zg-share-note">
            长按海报可以直接转发；在微信里也可以点右上角“…”
          </Text>
        </View>
      ) : (
        <Skeleton kind="detail" count={1} />
      )}
    </Sheet>
  )
}
