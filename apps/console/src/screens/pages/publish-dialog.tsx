import { type DesignedPage, ROUTES } from '@zhanggui/contract'
import { Checkbox, Form, Input, Segmented } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantInput } from '../../kit/instant-input.tsx'
import { ShowingTimes } from './page-state.tsx'

interface Values {
  when: 'now' | 'later'
  startsAt: string | null
  endsAt: string | null
  note: string
  endRunning: boolean
}

const NOTHING: Values = { when: 'now', startsAt: null, endsAt: null, note: '', endRunning: false }

/** Shows the draft: now or from a time on, for good or until a time. */
export function PublishDialog({
  page,
  onPublished,
  onClose,
}: {
  /** As it is kept now. */
  page: DesignedPage
  onPublished: (page: DesignedPage) => void
  onClose: () => void
}) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const write = useWrite('console.publishPage', ['console.pages', 'console.pageVersions'])
  return (
    <FormDialog
      title={t('design.publishTitle', { title: page.title })}
      schema={ROUTES['console.publishPage'].body}
      initial={NOTHING}
      okText={t('design.publish')}
      toInput={({ when, startsAt, endsAt, note, endRunning }: Values) => ({
        revision: page.revision,
        note: note.trim() === '' ? undefined : note,
        startsAt: when === 'now' ? null : startsAt,
        endsAt,
        endRunning,
      })}
      submit={async (body) => {
        const published = await write.mutateAsync({ params: { shopId, pageId: page.id }, body })
        onPublished(published)
        done(t(body.startsAt ? 'design.scheduled' : 'design.published'))
      }}
      onClose={onClose}
    >
      <Form.Item name="when" label={t('design.when')}>
        <Segmented
          block
          options={(['now', 'later'] as const).map((value) => ({ value, label: t(`design.when.${value}`) }))}
        />
      </Form.Item>
      <Times running={page.shown?.endsAt ? page.shown : undefined} />
      <Form.Item name="note" label={t('design.note')} extra={t('design.noteHint')}>
        <Input maxLength={60} />
      </Form.Item>
    </FormDialog>
  )
}

function Times({ running }: { running: DesignedPage['shown'] | undefined }) {
  const when = Form.useWatch('when') as Values['when'] | undefined
  return (
    <>
      <div className="pair">
        {when === 'later' && (
          <Form.Item name="startsAt" label={t('design.startsAt')}>
            <InstantInput />
          </Form.Item>
        )}
        <Form.Item name="endsAt" label={t('design.endsAt')} extra={t('design.endsAtHint')}>
          <InstantInput />
        </Form.Item>
      </div>
      {running && (
        <Form.Item
          name="endRunning"
          valuePropName="checked"
          extra={
            <>
              {t('design.runningNow')} <ShowingTimes showing={running} />
            </>
          }
        >
          <Checkbox>{t('design.endRunning')}</Checkbox>
        </Form.Item>
      )}
    </>
  )
}
