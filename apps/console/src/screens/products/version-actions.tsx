import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { ChangeList } from '../../kit/change-list.tsx'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'

interface Props {
  productId: string
  version: number
  /** The version that is there now. */
  now: number
  onRestored: () => void
}

/** An earlier version beside what is there now, and the way back to it. */
export function VersionActions({ productId, version, now, onRestored }: Props) {
  const { shopId, may } = useShop()
  const { confirm, done, warn } = useFeedback()
  const [comparing, setComparing] = useState(false)
  const restore = useWrite('console.restoreProductVersion', ['console.productVersions', 'console.products'])
  const ask = () =>
    confirm({
      title: t('history.restoreAsk', { version }),
      okText: t('history.restore'),
      run: async () => {
        const params = { shopId, productId }
        const { notes } = await restore.mutateAsync({ params, body: { restore: version, version: now } })
        done(t('history.restored', { version }))
        for (const note of notes) warn(note)
        onRestored()
      },
    })
  return (
    <span className="row-actions">
      <Button type="link" size="small" onClick={() => setComparing(true)}>
        {t('history.compareNow')}
      </Button>
      {may('catalog.write') && (
        <Button type="link" size="small" onClick={ask}>
          {t('history.restore')}
        </Button>
      )}
      {comparing && <Compared productId={productId} from={version} to={now} onClose={() => setComparing(false)} />}
    </span>
  )
}

function Compared({
  productId,
  from,
  to,
  onClose,
}: {
  productId: string
  from: number
  to: number
  onClose: () => void
}) {
  const { shopId } = useShop()
  const read = useRead('console.compareProductVersions', { params: { shopId, productId }, query: { from, to } })
  return (
    <Modal open title={t('history.compared', { from, to })} footer={null} width={640} onCancel={onClose}>
      <Loaded query={read}>
        {({ changes }) =>
          changes.length === 0 ? (
            <span className="soft">{t('history.noDifference')}</span>
          ) : (
            <ChangeList changes={changes} />
          )
        }
      </Loaded>
    </Modal>
  )
}
