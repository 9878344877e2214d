import { type JSX, useRef, useState } from '@hooks'
import { Button, Input, Select, Sheet, TextArea, View } from '@kit'
import { RETURN_CARRIERS } from '@model/aftersale.ts'
import { askToNotify, confirm, newKey, toast } from '@platform'
import type { Aftersale, Picture } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { MediaPicker } from '../../parts/media-picker.tsx'
import { useAct } from '../../parts/use-act.ts'

interface Changed {
  row: Aftersale
  onChanged: (row: Aftersale) => void
}

/** What the buyer can do with a case in its state. */
export function CaseActions({ row, onChanged }: Changed): JSX.Element | null {
  const { api } = useApp()
  const { isBusy, act } = useAct()
  const [sheet, setSheet] = useState<'send-back' | 'dispute' | 'message' | undefined>(undefined)
  const params = { shopId: row.shopId, caseId: row.id }
  const can = (action: Aftersale['actions'][number]) => row.actions.includes(action)
  const finish = (changed: Aftersale, text: string) => {
    setSheet(undefined)
    onChanged(changed)
    toast(text, 'good')
  }
  const cancel = () =>
    act(async () => {
      if (!(await confirm({ title: '撤销售后申请？', content: '撤销后可以重新申请', confirmText: '撤销' }))) return
      finish(await api('aftersale.cancel', { params }), '已撤销')
    })
  const received = () =>
    act(async () => {
      if (!(await confirm({ title: '确认收到换货？', content: '确认后售后完成', confirmText: '已收到' }))) return
      finish(await api('aftersale.confirm', { params }), '换货完成')
    })
  if (row.actions.length === 0) return null
  return (
    <View className="zg-actions">
      <View className="zg-actions-inner">
        {can('cancel') && (
          <Button kind="plain" isBusy={isBusy} testId="cancel-case" onTap={cancel}>
            撤销申请
          </Button>
        )}
        {can('message') && (
          <Button kind="plain" isBusy={isBusy} testId="write-message" onTap={() => setSheet('message')}>
            留言
          </Button>
        )}
        {can('dispute') && (
          <Button isBusy={isBusy} testId="dispute" onTap={() => setSheet('dispute')}>
            申请平台介入
          </Button>
        )}
        {can('send-back') && (
          <Button isBusy={isBusy} testId="send-back" onTap={() => setSheet('send-back')}>
            填写退货单号
          </Button>
        )}
        {can('confirm') && (
          <Button isBusy={isBusy} testId="confirm-case" onTap={received}>
            已收到换货
          </Button>
        )}
      </View>
      <Sheet
        isOpen={sheet === 'send-back'}
        onClose={() => setSheet(undefined)}
        title="填写退货单号"
        testId="send-back-sheet"
      >
        <SendBack
          isBusy={isBusy}
          onSend={(body) =>
            act(async () => {
              await askToNotify(['aftersale', 'refund-done'])
              finish(await api('aftersale.sendBack', { params, body }), '已提交，等待商家验货')
            })
          }
        />
      </Sheet>
      <Sheet
        isOpen={sheet === 'dispute' || sheet === 'message'}
        onClose={() => setSheet(undefined)}
        title={sheet === 'dispute' ? '申请平台介入' : '给商家留言'}
        testId="words-sheet"
      >
        <Words
          label={sheet === 'dispute' ? '说明情况，平台会核实双方的凭证' : '想对商家说什么'}
          isBusy={isBusy}
          onSend={(body, idempotencyKey) =>
            act(async () =>
              sheet === 'dispute'
                ? finish(await api('aftersale.dispute', { params, body }), '已提交平台')
                : finish(await api('aftersale.message', { params, body, idempotencyKey }), '已发送'),
            )
          }
        />
      </Sheet>
    </View>
  )
}

interface Sending<Body> {
  isBusy: boolean
  onSend: (body: Body, key: string) => void
}

type Waybill = { carrierCode: (typeof RETURN_CARRIERS)[number]['code']; trackingNo: string }

function SendBack({ isBusy, onSend }: Sending<Waybill>): JSX.Element {
  const [carrier, setCarrier] = useState('')
  const [number, setNumber] = useState('')
  const found = RETURN_CARRIERS.find(({ name }) => name === carrier)
  return (
    <View className="zg-form">
      <Select
        label="快递公司"
        value={carrier}
        choices={RETURN_CARRIERS.map(({ name }) => name)}
        placeholder="请选择"
        onChange={setCarrier}
        testId="return-carrier"
      />
      <Input
        label="运单号"
        value={number}
        onInput={setNumber}
        maxLength={40}
        placeholder="快递面单上的号码"
        testId="return-number"
      />
      <Button
        isBlock
        size="large"
        isBusy={isBusy}
        isDisabled={found === undefined || number.trim().length < 6}
        testId="send-return"
        onTap={() => onSend({ carrierCode: found!.code, trackingNo: number.trim() }, '')}
      >
        提交
      </Button>
    </View>
  )
}

function Words({
  label,
  isBusy,
  onSend,
}: Sending<{ text: string; fileIds: string[] }> & { label: string }): JSX.Element {
  const [text, setText] = useState('')
  const [pictures, setPictures] = useState<Picture[]>([])
  // One key for what is written now, however often it is tapped.
  const key = useRef('')
  key.current ||= newKey()
  return (
    <View className="zg-form">
      <TextArea label={label} value={text} onInput={setText} maxLength={300} rows={4} testId="words" />
      <MediaPicker upload="aftersale.upload" pictures={pictures} onPictures={setPictures} />
      <Button
        isBlock
        size="large"
        isBusy={isBusy}
        isDisabled={text.trim() === ''}
        testId="send-words"
        onTap={() => onSend({ text: text.trim(), fileIds: pictures.map(({ fileId }) => fileId) }, key.current)}
      >
        提交
      </Button>
    </View>
  )
}
