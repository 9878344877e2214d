import { Sheet, Text, View } from '@kit'
import { Button as TaroButton, Text as TaroText } from '@tarojs/components'
import { useDidHide, useDidShow } from '@tarojs/taro'
import { useEffect, useState } from 'react'
import {
  AGREE_BUTTON_ID,
  answerPrivacy,
  onPrivacyAsked,
  openPrivacyContract,
  privacyContractName,
} from '../../src/platform/mini/privacy.ts'

/** WeChat's question about personal data, on the page that is in sight. */
export function PrivacyAsk() {
  const [isShown, setShown] = useState(true)
  const [isAsked, setAsked] = useState(false)
  const [name, setName] = useState('')
  useDidShow(() => setShown(true))
  useDidHide(() => setShown(false))
  useEffect(() => onPrivacyAsked(setAsked), [])
  useEffect(() => {
    if (isAsked && name === '') void privacyContractName().then(setName)
  }, [isAsked, name])
  return (
    <Sheet
      isOpen={isAsked && isShown}
      onClose={() => answerPrivacy(false)}
      title="隐私保护提示"
      testId="privacy"
      footer={
        <View className="zg-privacy-keys">
          <TaroButton
            className="zg-button zg-button-plain zg-button-large"
            data-testid="privacy-refuse"
            onClick={() => answerPrivacy(false)}
          >
            不同意
          </TaroButton>
          <TaroButton
            id={AGREE_BUTTON_ID}
            className="zg-button zg-button-primary zg-button-large"
            openType="agreePrivacyAuthorization"
            data-testid="privacy-agree"
            onAgreePrivacyAuthorization={() => answerPrivacy(true)}
          >
            同意并继续
          </TaroButton>
        </View>
      }
    >
      <Text as="p">
        这项功能需要用到你的个人信息。请先阅读
        <TaroText className="zg-privacy-link" data-testid="privacy-read" onClick={openPrivacyContract}>
          {name}
        </TaroText>
        ，同意后继续；不同意也能照常浏览和购买。
      </Text>
    </Sheet>
  )
}
