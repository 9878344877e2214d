import { BUYER_CHANNELS, type BuyerDetail, LEGAL_KINDS } from '@zhanggui/contract'
import { Alert, Card, Tag } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { api, type Output, useRead } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Masked } from '../../kit/masked.tsx'
import { Money } from '../../kit/money.tsx'
import { NotesCard } from '../orders/notes-card.tsx'
import { Face } from './face.tsx'
import { LevelButton } from './level.tsx'
import { TimelineCard } from './timeline-card.tsx'

type Clear = Output<'console.revealBuyer'>

/** One buyer: who it is, what was bought, what was agreed to, and everything that happened. */
export default function BuyerPage() {
  const { shop, shopId, may } = useShop()
  const { buyerId = '' } = useParams()
  const { failed } = useFeedback()
  const [clear, setClear] = useState<Clear>()
  const [isRevealing, setRevealing] = useState(false)
  const read = useRead('console.buyer', { params: { shopId, buyerId } })
  const reveal = async () => {
    setRevealing(true)
    try {
      setClear(await api('console.revealBuyer', { params: { shopId, buyerId } }))
    } catch (error) {
      failed(error)
    } finally {
      setRevealing(false)
    }
  }
  const masking = {
    shown: clear !== undefined,
    allowed: may('customers.personal-data') && read.data?.state !== 'gone',
    loading: isRevealing,
    onReveal: () => void reveal(),
  }
  return (
    <Page
      title={read.data?.nickname ?? t('buyer.buyer')}
      back={`/s/${shop.slug}/buyers`}
      mark={
        read.data &&
        read.data.state !== 'active' && (
          <Tag color={read.data.state === 'leaving' ? 'orange' : undefined}>{t(`buyer.state.${read.data.state}`)}</Tag>
        )
      }
      actions={read.data?.state === 'active' && may('orders.write') && <LevelButton buyer={read.data} />}
    >
      <Loaded query={read}>
        {(buyer) => (
          <div className="editor">
            <div className="editor-main">
              {buyer.leavesAt && (
                <Alert
                  type="warning"
                  showIcon
                  title={
                    <>
                      {t('buyer.leaves')} <InstantText at={buyer.leavesAt} />
                    </>
                  }
                />
              )}
              <HeadCard buyer={buyer} clear={clear} masking={masking} />
              <TimelineCard buyerId={buyer.id} />
            </div>
            <div className="editor-side">
              <NotesCard entity="buyer" entityId={buyer.id} writable={may('customers.write')} />
              <PrivacyCard buyer={buyer} />
              <AddressesCard buyer={buyer} clear={clear} masking={masking} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

interface Masking {
  shown: boolean
  allowed: boolean
  loading: boolean
  onReveal: () => void
}

function HeadCard({ buyer, clear, masking }: { buyer: BuyerDetail; clear: Clear | undefined; masking: Masking }) {
  const { shop, may } = useShop()
  const figures: { label: string; value: React.ReactNode; to?: string }[] = [
    {
      label: t('buyer.orders'),
      value: buyer.orderCount,
      ...(may('orders.read') ? { to: `orders?buyer=${buyer.id}` } : {}),
    },
    { label: t('buyer.paid'), value: <Money fen={buyer.paidFen} strong /> },
    {
      label: t('buyer.reviews'),
      value: buyer.counts.reviews,
      ...(may('reviews.read') ? { to: `reviews?buyer=${buyer.id}` } : {}),
    },
    { label: t('buyer.favourites'), value: buyer.counts.favourites },
    { label: t('buyer.seen'), value: buyer.counts.seen ?? t('buyer.off') },
    { label: t('buyer.messages'), value: buyer.counts.messages },
  ]
  return (
    <Card>
      <div className="buyer-head">
        <Face url={buyer.avatarUrl} nickname={buyer.nickname} size={56} />
        <div className="stack-xs spring">
          <span className="strong buyer-name">
            {buyer.nickname} {buyer.levelName && <Tag color="gold">{buyer.levelName}</Tag>}
          </span>
          {buyer.phoneMasked === null && clear?.phone == null ? (
            <span className="faint">{t('buyer.noPhone')}</span>
          ) : (
            <Masked {...masking}>
              <span className="num">{clear?.phone ?? buyer.phoneMasked}</span>
            </Masked>
          )}
        </div>
      </div>
      <div className="buyer-figures">
        {figures.map(({ label, value, to }) => (
          <div key={label}>
            <span className="soft small">{label}</span>
            <span className="num strong">{to ? <Link to={`/s/${shop.slug}/${to}`}>{value}</Link> : value}</span>
          </div>
        ))}
      </div>
      <dl className="facts">
        <div>
          <dt>{t('buyer.channel')}</dt>
          <dd>{say(BUYER_CHANNELS[buyer.channel])}</dd>
        </div>
        <div>
          <dt>{t('buyer.since')}</dt>
          <dd>
            <InstantText at={buyer.since} />
          </dd>
        </div>
        <div>
          <dt>{t('buyer.registered')}</dt>
          <dd>
            <InstantText at={buyer.registeredAt} />
          </dd>
        </div>
        {buyer.birthdayKnown && (
          <div>
            <dt>{t('buyer.birthday')}</dt>
            <dd>{clear?.birthday ?? '****'}</dd>
          </div>
        )}
      </dl>
    </Card>
  )
}

function PrivacyCard({ buyer }: { buyer: BuyerDetail }) {
  const { marketing, personalised, keepsHistory } = buyer.privacy
  const choices = [
    { label: t('buyer.marketing'), on: marketing },
    { label: t('buyer.personalised'), on: personalised },
    { label: t('buyer.history'), on: keepsHistory },
  ]
  return (
    <Card title={t('buyer.privacy')}>
      <div className="row-wrap">
        {choices.map(({ label, on }) => (
          <Tag key={label} color={on ? 'green' : undefined}>
            {label} {on ? t('buyer.on') : t('buyer.off')}
          </Tag>
        ))}
      </div>
      <dl className="facts">
        {buyer.consents.map(({ kind, version, agreedAt }) => (
          <div key={`${kind}-${version}`}>
            <dt>{say(LEGAL_KINDS[kind])}</dt>
            <dd>
              {t('buyer.version', { version })} · <InstantText at={agreedAt} />
            </dd>
          </div>
        ))}
      </dl>
      {buyer.consents.length === 0 && <p className="faint small">{t('buyer.noConsents')}</p>}
    </Card>
  )
}

function AddressesCard({ buyer, clear, masking }: { buyer: BuyerDetail; clear: Clear | undefined; masking: Masking }) {
  const addresses = clear?.addresses ?? buyer.addresses
  return (
    <Card title={t('buyer.addresses')}>
      {addresses.length === 0 ? (
        <p className="faint small">{t('buyer.noAddresses')}</p>
      ) : (
        <Masked {...masking}>
          <span className="stack-s">
            {addresses.map(({ id, name, phone, province, city, district, street, detail, isDefault }) => (
              <span key={id} className="stack-xs">
                <span className="strong num">
                  {name} {isDefault && <Tag>{t('buyer.default')}</Tag>}
                  <span className="nowrap">{phone}</span>
                </span>
                <span className="soft">{[province, city, district, street, detail].filter(Boolean).join(' ')}</span>
              </span>
            ))}
          </span>
        </Masked>
      )}
    </Card>
  )
}
