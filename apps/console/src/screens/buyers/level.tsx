import { type BuyerDetail, ROUTES } from '@zhanggui/contract'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'

/** Sets or takes away the buyer's level; nothing where the shop has no levels. */
export function LevelButton({ buyer }: { buyer: BuyerDetail }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const [isOpen, setOpen] = useState(false)
  const levels = useRead('console.memberLevels', { params: { shopId } })
  const write = useWrite('console.setMemberLevel', [
    'console.buyer',
    'console.buyers',
    'console.buyerTimeline',
    'console.members',
  ])
  const items = levels.data?.items ?? []
  if (items.length === 0) return null
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('buyer.setLevel')}</Button>
      {isOpen && (
        <FormDialog
          title={t('buyer.setLevel')}
          schema={ROUTES['console.setMemberLevel'].body}
          initial={{ levelId: buyer.levelId ?? items[0]?.id ?? null, note: '' }}
          submit={(body) => write.mutateAsync({ params: { shopId, buyerId: buyer.id }, body })}
          onDone={() => done(t('member.saved'))}
          onClose={() => setOpen(false)}
        >
          <Form.Item name="levelId" label={t('buyer.level')}>
            <Select
              allowClear
              placeholder={t('member.away')}
              options={items.map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Form.Item>
          <Form.Item name="note" label={t('member.note')}>
            <Input maxLength={200} />
          </Form.Item>
        </FormDialog>
      )}
    </>
  )
}
