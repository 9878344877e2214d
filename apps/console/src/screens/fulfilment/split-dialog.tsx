import { type Parcel, ROUTES, type RouteId } from '@zhanggui/contract'
import { Form, InputNumber } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'

const keyOf = (line: Parcel['lines'][number]): string => `${line.orderId}/${line.line}`

/** Which units go into a parcel of their own. */
export function SplitDialog(props: { parcel: Parcel; stale: readonly RouteId[]; onClose: () => void }) {
  const { parcel, onClose } = props
  const { shopId } = useShop()
  const { done } = useFeedback()
  const split = useWrite('console.splitParcel', props.stale)
  return (
    <FormDialog
      title={t('parcel.splitTitle', { code: parcel.code })}
      schema={ROUTES['console.splitParcel'].body}
      initial={{ lines: {} as Record<string, number | null> }}
      toInput={({ lines }) => ({
        version: parcel.version,
        lines: parcel.lines.flatMap(({ orderId, line, ...rest }) => {
          const quantity = lines[keyOf({ orderId, line, ...rest })] ?? 0
          return quantity > 0 ? [{ orderId, line, quantity }] : []
        }),
      })}
      submit={(body) => split.mutateAsync({ params: { shopId, parcelId: parcel.id }, body })}
      onDone={() => done(t('parcel.splitDone'))}
      onClose={onClose}
      okText={t('parcel.split')}
    >
      <p className="soft">{t('parcel.splitHint')}</p>
      {parcel.lines.map((line) => (
        <Form.Item key={keyOf(line)} name={['lines', keyOf(line)]} label={`${line.title} ${line.options}`}>
          <InputNumber min={0} max={line.quantity} precision={0} suffix={`/ ${line.quantity}`} placeholder="0" />
        </Form.Item>
      ))}
    </FormDialog>
  )
}
