import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { api } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import type { Draft } from './use-draft.ts'

/** Somebody else has changed the same draft: theirs or ours goes on, and nothing of it is lost. */
export function Conflict({ draft }: { draft: Draft }) {
  const { shopId } = useShop()
  const { failed, done } = useFeedback()
  const [isBusy, setBusy] = useState(false)
  const { save } = draft
  if (save.kind !== 'conflict') return null
  const run = async (work: () => Promise<void>, words: string) => {
    setBusy(true)
    try {
      await work()
      done(words)
    } catch (error) {
      failed(error)
    } finally {
      setBusy(false)
    }
  }
  const useTheirs = async () =>
    draft.take(await api('console.page', { params: { shopId, pageId: draft.page.id } }), true)
  return (
    <Modal
      open
      closable={false}
      title={t('design.conflict', { name: save.by })}
      footer={
        <div className="row-end">
          <Button disabled={isBusy} onClick={() => void run(useTheirs, t('design.theirsTaken'))}>
            {t('design.useTheirs')}
          </Button>
          <Button type="primary" loading={isBusy} onClick={() => void run(draft.keepOurs, t('design.oursKept'))}>
            {t('design.keepOurs')}
          </Button>
        </div>
      }
    >
      <p>
        <InstantText at={save.at} /> {t('design.conflictHint')}
      </p>
    </Modal>
  )
}
