import type { MerchantAftersale } from '@zhanggui/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { CaseCards } from './case-cards.tsx'
import { CaseState } from './columns.tsx'
import { ApproveDialog, CountDialog, InspectDialog, MessageDialog, RejectDialog, ResendDialog } from './dialogs.tsx'
import type { OnSilence } from './next-text.ts'

type Dialog = 'approve' | 'reject' | 'inspect' | 'count' | 'resend' | 'message'

/** One case: what is asked for and why, how far the money may go, what both sides said, and what can be done. */
export default function CasePage() {
  const { shop, shopId, may } = useShop()
  const { caseId = '' } = useParams()
  const [dialog, setDialog] = useState<Dialog>()
  const read = useRead('console.aftersale', { params: { shopId, caseId } })
  const row = read.data
  const settings = useRead('console.settings', { params: { shopId } }, { enabled: may('settings.read') })
  const onSilence = settings.data?.items.find(({ name }) => name === 'aftersale.on-silence')?.value
  const close = () => setDialog(undefined)
  const can = (action: Dialog) => row?.actions.includes(action) ?? false
  const refunds = may('orders.refund')
  return (
    <Page
      title={row ? t('aftersale.no', { no: row.caseNo }) : t('aftersale.case')}
      back={`/s/${shop.slug}/aftersale`}
      mark={row && <CaseState row={row} />}
      actions={
        row && (
          <>
            {can('message') && may('orders.write') && (
              <Button onClick={() => setDialog('message')}>{t('aftersale.message')}</Button>
            )}
            {can('reject') && refunds && (
              <Button danger onClick={() => setDialog('reject')}>
                {t('aftersale.reject')}
              </Button>
            )}
            {can('approve') && refunds && (
              <Button type="primary" onClick={() => setDialog('approve')}>
                {t('aftersale.approve')}
              </Button>
            )}
            {can('inspect') && refunds && (
              <Button type="primary" onClick={() => setDialog('inspect')}>
                {t('aftersale.inspect')}
              </Button>
            )}
            {can('count') && refunds && (
              <Button type={row.endedAt === null ? 'default' : 'primary'} onClick={() => setDialog('count')}>
                {t('aftersale.count')}
              </Button>
            )}
            {can('resend') && may('orders.ship') && (
              <Button type="primary" onClick={() => setDialog('resend')}>
                {t('aftersale.resend')}
              </Button>
            )}
          </>
        )
      }
    >
      <Loaded query={read}>
        {(shown) => (
          <CaseCards
            row={shown}
            orderTo={`/s/${shop.slug}/orders/${shown.orderId}`}
            onSilence={onSilence as OnSilence | undefined}
          />
        )}
      </Loaded>
      {row && dialog !== undefined && <CaseDialog dialog={dialog} row={row} onClose={close} />}
    </Page>
  )
}

function CaseDialog({ dialog, ...rest }: { dialog: Dialog; row: MerchantAftersale; onClose: () => void }) {
  switch (dialog) {
    case 'approve':
      return <ApproveDialog {...rest} />
    case 'reject':
      return <RejectDialog {...rest} />
    case 'inspect':
      return <InspectDialog {...rest} />
    case 'count':
      return <CountDialog {...rest} />
    case 'resend':
      return <ResendDialog {...rest} />
    case 'message':
      return <MessageDialog {...rest} />
  }
}
