import type { DesignedPageRow, PageShowing } from '@zhanggui/contract'
import { Button, QRCode, Space, Tag } from 'antd'
import { t } from '../../i18n/index.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'

export const HOME = 'home'

/** What buyers see of a page now, and whether the draft is something else. */
export function PageStateTags({ page }: { page: Pick<DesignedPageRow, 'shown' | 'next' | 'hasChanges'> }) {
  return (
    <Space size={4} wrap>
      {page.shown ? (
        <Tag color={page.shown.endsAt === null ? 'success' : 'orange'}>
          {t(page.shown.endsAt === null ? 'design.state.shown' : 'design.state.campaign')}
        </Tag>
      ) : (
        <Tag>{t('design.state.notShown')}</Tag>
      )}
      {page.next && <Tag color="blue">{t('design.state.next')}</Tag>}
      {page.hasChanges && page.shown && <Tag color="gold">{t('design.state.changed')}</Tag>}
    </Space>
  )
}

/** From when until when something is shown. */
export function ShowingTimes({ showing }: { showing: Pick<PageShowing, 'startsAt' | 'endsAt'> }) {
  return (
    <span>
      <InstantText at={showing.startsAt} /> –{' '}
      {showing.endsAt ? <InstantText at={showing.endsAt} /> : t('design.always')}
    </span>
  )
}

/** An address as a code to be scanned, and as text to be copied. */
export function AddressCode({ url, hint }: { url: string; hint: string }) {
  const { done, failed } = useFeedback()
  const copy = () => navigator.clipboard.writeText(url).then(() => done(t('design.copied')), failed)
  return (
    <div className="design-code">
      <div className="design-code-paper">
        <QRCode value={url} type="svg" size={220} bordered={false} color="#000" bgColor="#fff" />
      </div>
      <p className="soft">{hint}</p>
      <code className="small design-url">{url}</code>
      <Button onClick={() => void copy()}>{t('design.copyUrl')}</Button>
    </div>
  )
}
