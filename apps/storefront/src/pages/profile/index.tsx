import { type JSX, useState } from '@hooks'
import { AvatarButton, Button, DateField, Icon, Image, Input, NavBar, Screen, Text, View } from '@kit'
import { toast, uploadFile } from '@platform'
import type { Buyer } from '@zhanggui/contract'
import { routeUrl } from '@zhanggui/contract/client'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { useAct } from '../../parts/use-act.ts'
import './profile.css'

const MOST_CHARS = 30
const FIRST_DAY = '1900-01-01'
const CHINA_MS = 8 * 3_600_000

interface ProfileData {
  buyer: Buyer
}

/** Picture, nickname and birthday: each for the buyer to give, to change and to take away. */
function ProfileView({ data }: ViewProps<'profile', ProfileData>): JSX.Element {
  const { api, shop, serverNow } = useApp()
  const { act, isBusy } = useAct()
  const [buyer, setBuyer] = useState(data.buyer)
  const [nickname, setNickname] = useState(data.buyer.nickname)
  const [birthday, setBirthday] = useState(data.buyer.birthday ?? '')
  const isEmpty = nickname.trim() === ''
  const isSame = nickname.trim() === buyer.nickname && birthday === (buyer.birthday ?? '')
  const today = new Date(serverNow() + CHINA_MS).toISOString().slice(0, 10)
  const save = () =>
    act(async () => {
      const body = { nickname: nickname.trim(), birthday: birthday === '' ? null : birthday }
      setBuyer(await api('buyer.updateProfile', { body }))
      toast('已保存', 'good')
    })
  return (
    <View>
      <NavBar title="个人资料" back="me" />
      <Screen className="zg-screen-narrow">
        <View className="zg-panel zg-profile-face">
          <AvatarButton
            className="zg-profile-picture"
            label="更换头像"
            testId="avatar"
            isBusy={isBusy}
            onPick={(file) =>
              act(async () => {
                const params = { shopId: shop.id }
                setBuyer(await uploadFile<Buyer>(routeUrl('buyer.uploadAvatar', { params }), file))
                toast('头像已更换', 'good')
              })
            }
          >
            {buyer.avatarUrl === null ? (
              <Text>{buyer.nickname.slice(0, 1)}</Text>
            ) : (
              <Image picture={{ fileId: buyer.id, url: buyer.avatarUrl, width: 88, height: 88 }} alt="" sizes="88px" />
            )}
            <View className="zg-profile-change">
              <Icon name="edit" />
            </View>
          </AvatarButton>
          <Text as="p" className="zg-small zg-muted">
            点头像更换，支持 5 MB 以内的图片
          </Text>
        </View>
        <View className="zg-panel zg-form">
          <Input
            label="昵称"
            kind="nickname"
            value={nickname}
            onInput={setNickname}
            maxLength={MOST_CHARS}
            error={isEmpty ? '昵称不能为空' : undefined}
            testId="nickname-input"
            onConfirm={save}
          />
          <DateField
            label="生日（选填）"
            value={birthday}
            min={FIRST_DAY}
            max={today}
            onChange={setBirthday}
            placeholder="选择生日"
            testId="birthday"
          />
          <Text as="p" className="zg-small zg-muted">
            仅用于生日祝福与生日优惠，加密保存，可随时清除。
          </Text>
          {birthday !== '' && (
            <Button kind="plain" size="small" testId="birthday-clear" onTap={() => setBirthday('')}>
              清除生日
            </Button>
          )}
          <Button isBlock isBusy={isBusy} isDisabled={isEmpty || isSame} testId="profile-save" onTap={save}>
            保存
          </Button>
        </View>
      </Screen>
    </View>
  )
}

export default definePage<'profile', ProfileData>({
  name: 'profile',
  access: 'buyer',
  load: async ({ api }) => ({ buyer: await api('buyer.me') }),
  head: () => ({ title: '个人资料' }),
  View: ProfileView,
})
