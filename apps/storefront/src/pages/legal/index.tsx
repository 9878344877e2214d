import type { JSX } from '@hooks'
import { Button, NavBar, Screen, Text, View } from '@kit'
import { timeText } from '@model/texts.ts'
import { toast } from '@platform'
import type { LegalKind, LegalText } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { useAct } from '../../parts/use-act.ts'
import './legal.css'

const TO_AGREE: readonly LegalKind[] = ['privacy', 'agreement']

function LegalView({ data: text }: ViewProps<'legal', LegalText>): JSX.Element {
  const { api, shop } = useApp()
  const { isBusy, act } = useAct()
  const agree = () =>
    act(async () => {
      await api('buyer.agree', { params: { shopId: shop.id }, body: { kind: text.kind, version: text.version } })
      toast('已记录你的同意', 'good')
    })
  return (
    <View>
      <NavBar title={text.title} back="me" />
      <Screen className="zg-screen-narrow">
        <View className="zg-panel">
          {text.publishedAt !== null && (
            <Text as="p" className="zg-small zg-muted">
              更新日期：{timeText(text.publishedAt).split(' ')[0]}
            </Text>
          )}
          {text.body
            .split(/\n+/)
            .map((paragraph, index) => ({ paragraph, key: `${index}` }))
            .map(({ paragraph, key }) => (
              <Text as="p" className="zg-legal-paragraph" key={key}>
                {paragraph}
              </Text>
            ))}
          {TO_AGREE.includes(text.kind) && (
            <Button kind="trust" isBlock isBusy={isBusy} testId="agree" onTap={agree}>
              同意{text.title}
            </Button>
          )}
        </View>
      </Screen>
    </View>
  )
}

export default definePage<'legal', LegalText>({
  name: 'legal',
  access: 'public',
  load: ({ api, shop, params }) =>
    api('store.legalText', { params: { shopId: shop.id, kind: params.kind as LegalKind } }),
  head: (text) => ({ title: text.title }),
  View: LegalView,
})
