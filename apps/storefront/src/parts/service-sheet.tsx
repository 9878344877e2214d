import type { JSX } from '@hooks'
import { Icon, Sheet, Tap, Text, View } from '@kit'
import { callPhone, openChat } from '@platform'
import { useApp } from '../app.ts'

/** By phone or by chat, and when somebody is there. */
export function ServiceSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }): JSX.Element {
  const { phone, chatUrl, hours } = useApp().shop.contact
  return (
    <Sheet isOpen={isOpen} onClose={onClose} title="联系客服" testId="service-sheet">
      <View className="zg-service">
        {chatUrl !== '' && (
          <Tap className="zg-service-way" testId="service-chat" onTap={() => openChat(chatUrl)}>
            <View className="zg-service-disc">
              <Icon name="headset" />
            </View>
            <View className="zg-grow">
              <Text as="strong">在线客服</Text>
              <Text as="p" className="zg-small zg-muted">
                用微信和店主聊聊
              </Text>
            </View>
            <Icon name="chevron" />
          </Tap>
        )}
        {phone !== '' && (
          <Tap className="zg-service-way" testId="service-phone" onTap={() => callPhone(phone)}>
            <View className="zg-service-disc">
              <Icon name="phone" />
            </View>
            <View className="zg-grow">
              <Text as="strong">{phone}</Text>
              <Text as="p" className="zg-small zg-muted">
                点按拨打
              </Text>
            </View>
            <Icon name="chevron" />
          </Tap>
        )}
        {hours !== '' && (
          <Text as="p" className="zg-small zg-muted zg-service-hours">
            服务时间 {hours}
          </Text>
        )}
      </View>
    </Sheet>
  )
}
