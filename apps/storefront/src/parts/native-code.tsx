import type { JSX } from '@hooks'
import { Button, QrCode, Skeleton, Text, View } from '@kit'
import type { PaymentStart } from '@zhanggui/contract'
import './pay.css'

/** On a desk the phone scans; the page notices by itself when it is paid. */
export function NativeCode({
  code,
  isBusy,
  onAgain,
}: {
  code: PaymentStart | undefined
  isBusy: boolean
  onAgain: () => void
}): JSX.Element {
  if (code?.qrSvg)
    return (
      <View className="zg-pay-code" testId="pay-code">
        <QrCode svg={code.qrSvg} label="微信支付二维码" />
        <Text>用微信“扫一扫”支付，完成后自动跳转</Text>
      </View>
    )
  if (isBusy) return <Skeleton count={1} />
  return (
    <Button kind="trust" size="large" isBlock testId="pay" onTap={onAgain}>
      显示支付二维码
    </Button>
  )
}
