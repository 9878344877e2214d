import { type JSX, useEffect, useState } from '@hooks'
import { Button, Text, View } from '@kit'
import { timeText } from '@model/texts.ts'
import { download, toast } from '@platform'
import type { OwnDataCopy } from '@zhanggui/contract'
import { useApp } from '../app.ts'
import { useAct } from './use-act.ts'

const LOOK_MS = 2_500
const KILOBYTE = 1024

const STATES: Record<OwnDataCopy['state'], string> = {
  waiting: '正在准备，通常不到一分钟',
  ready: '可以下载',
  failed: '没有生成成功，请重新导出',
  expired: '已过期，请重新导出',
}

/** A copy of everything that is kept of the buyer: asked for, waited for, fetched. (GOV-08) */
export function OwnData({ copies: first }: { copies: OwnDataCopy[] }): JSX.Element {
  const { api } = useApp()
  const { act, isBusy } = useAct()
  const [copies, setCopies] = useState(first)
  const newest = copies[0]
  const isWaiting = newest?.state === 'waiting'
  useEffect(() => {
    if (!isWaiting) return
    const timer = setInterval(() => {
      api('buyer.ownDataCopies').then(
        ({ items }) => setCopies(items),
        () => undefined,
      )
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [isWaiting])
  const ask = () =>
    act(async () => {
      await api('buyer.copyOwnData')
      setCopies((await api('buyer.ownDataCopies')).items)
      toast('已开始准备', 'good')
    })
  return (
    <View className="zg-panel">
      <Text as="h2" className="zg-panel-title">
        导出我的数据
      </Text>
      <Text as="p" className="zg-small zg-muted">
        资料、地址、订单、支付、评价、收藏、足迹和同意记录，打包成一个可以直接打开的文件。每天可导出一次，链接 24
        小时内有效，请不要转发给他人。
      </Text>
      {newest && (
        <View className="zg-privacy-text" testId="own-data" role="status">
          <View>
            <Text>{STATES[newest.state]}</Text>
            <Text as="p" className="zg-small zg-muted">
              {timeText(newest.requestedAt)} 申请
              {newest.sizeBytes === null ? '' : ` · ${Math.max(1, Math.round(newest.sizeBytes / KILOBYTE))} KB`}
            </Text>
          </View>
          {newest.url !== null && (
            <Button kind="trust" size="small" testId="own-data-download" onTap={() => download(newest.url!)}>
              下载
            </Button>
          )}
        </View>
      )}
      <Button kind="soft" isBlock isBusy={isBusy} isDisabled={isWaiting} testId="own-data-ask" onTap={ask}>
        导出
      </Button>
    </View>
  )
}
