import type { DesignedPage, PageShowing } from '@zhanggui/contract'
import { Button, Tag } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { HOME, ShowingTimes } from './page-state.tsx'

interface Props {
  page: DesignedPage
  isWritable: boolean
  onChanged: (page: DesignedPage) => void
}

/** What is shown and what comes, each to be called off; and the whole page to be taken down. */
export function Showings({ page, isWritable, onChanged }: Props) {
  const { shopId } = useShop()
  const { confirm, done } = useFeedback()
  const stale = ['console.pages', 'console.pageVersions'] as const
  const cancel = useWrite('console.cancelPageShowing', stale)
  const takeDown = useWrite('console.takeDownPage', stale)
  const params = { shopId, pageId: page.id }
  const callOff = (showing: PageShowing) =>
    confirm({
      title: t(showing.state === 'running' ? 'design.endAsk' : 'design.callOffAsk'),
      content: <ShowingTimes showing={showing} />,
      okText: t(showing.state === 'running' ? 'design.end' : 'design.callOff'),
      danger: true,
      run: async () => {
        onChanged(await cancel.mutateAsync({ params: { ...params, showingId: showing.id } }))
        done(t('design.calledOff'))
      },
    })
  const down = () =>
    confirm({
      title: t('design.takeDownAsk', { title: page.title }),
      content: t(page.slug === HOME ? 'design.takeDownHome' : 'design.takeDownHint'),
      okText: t('design.takeDown'),
      danger: true,
      run: async () => {
        onChanged(await takeDown.mutateAsync({ params, body: { revision: page.revision } }))
        done(t('design.takenDown'))
      },
    })
  return (
    <div className="stack-s">
      {page.showings.length === 0 && <p className="soft small">{t('design.noShowings')}</p>}
      {page.showings.map((showing) => (
        <div key={showing.id} className="design-showing">
          <div className="stack-xs">
            <span>
              <Tag color={showing.state === 'running' ? 'success' : 'blue'}>{t(`design.showing.${showing.state}`)}</Tag>
              {showing.versionNumber !== null && t('design.version', { number: showing.versionNumber })}
            </span>
            <span className="small soft">
              <ShowingTimes showing={showing} />
            </span>
          </div>
          {isWritable && (showing.state === 'upcoming' || showing.endsAt !== null) && (
            <Button size="small" onClick={() => callOff(showing)}>
              {t(showing.state === 'running' ? 'design.end' : 'design.callOff')}
            </Button>
          )}
        </div>
      ))}
      {isWritable && page.shown && (
        <div>
          <Button danger size="small" onClick={down}>
            {t('design.takeDown')}
          </Button>
        </div>
      )}
    </div>
  )
}
