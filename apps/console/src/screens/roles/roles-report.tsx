import type { RoleFigures, RolesReport } from '@zhanggui/contract'
import { Button, Card, Empty, Progress, Tag } from 'antd'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { lastDays, rangeFromText, rangeText } from '../../kit/days.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { Money } from '../../kit/money.tsx'
import { Period } from '../../kit/period.tsx'

const DAYS = 30
const CENTI = 100
const UNKNOWN = '—'
const percent = (bp: number | null): string => (bp === null ? UNKNOWN : `${(bp / CENTI).toFixed(1)}%`)

/** How each product role does in a period against what the shop expects, and how its exclusive goods stand. */
export default function RolesReportPage() {
  const { shopId, shop, may } = useShop()
  const [params, setParams] = useSearchParams()
  const period = params.get('period') ?? undefined
  const range = rangeFromText(period) ?? lastDays(Date.now(), DAYS)
  const read = useRead('console.rolesReport', { params: { shopId }, query: range })
  const actions = (
    <>
      <Period
        label={t('nav.productRoles')}
        value={period ?? rangeText(range)}
        onChange={(text) => setParams(text === undefined ? {} : { period: text })}
      />
      {may('settings.read') && (
        <Link to={`/s/${shop.slug}/settings?group=assortment`}>
          <Button tabIndex={-1}>{t('roles.targets')}</Button>
        </Link>
      )}
    </>
  )
  return (
    <Page title={t('nav.productRoles')} hint={t('roles.basis')} actions={actions}>
      <Loaded query={read}>
        {(report) => (
          <div className="stack-l">
            <div className="role-cards">
              {report.roles.map((figures) => (
                <RoleCard key={figures.role} figures={figures} />
              ))}
            </div>
            <div className="complete-top">
              <ExclusiveCard report={report} />
              <RegionCard report={report} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function RoleCard({ figures }: { figures: RoleFigures }) {
  const { targets } = figures
  const turnover = figures.turnoverPerMonthCenti
  const times = (centi: number) => t('roles.times', { times: (centi / CENTI).toFixed(centi < CENTI ? 2 : 1) })
  return (
    <Card
      title={t(`role.name.${figures.role}`)}
      extra={<Link to={`../products?role=${figures.role}`}>{t('roles.products', { count: figures.products })}</Link>}
      data-testid={`role-${figures.role}`}
    >
      <p className="soft small">{t(`role.text.${figures.role}`)}</p>
      <dl className="facts">
        <Fact label={t('roles.revenue')} value={<Money fen={figures.revenueFen} />} />
        <Fact label={t('roles.sold')} value={figures.soldUnits.toLocaleString('en')} />
        <Fact
          label={t('roles.turnover')}
          value={turnover === null ? UNKNOWN : times(turnover)}
          note={t('roles.atLeast', { target: times(targets.turnoverPerMonthCenti) })}
          isGood={turnover === null ? undefined : turnover >= targets.turnoverPerMonthCenti}
        />
        <Fact
          label={t('roles.margin')}
          value={percent(figures.marginBp)}
          note={t('roles.atLeast', { target: percent(targets.marginBp) })}
          isGood={figures.marginBp === null ? undefined : figures.marginBp >= targets.marginBp}
        />
        <Fact
          label={t('roles.refunds')}
          value={percent(figures.refundRateBp)}
          note={t('roles.atMost', { target: percent(targets.refundRateBp) })}
          isGood={figures.refundRateBp === null ? undefined : figures.refundRateBp <= targets.refundRateBp}
        />
        <Fact label={t('roles.stock')} value={figures.averageStock.toLocaleString('en')} />
      </dl>
      {figures.revenueFen > 0 && figures.costKnownBp < 10_000 && (
        <p className="faint small">
          {figures.costKnownBp === 0
            ? t('roles.costNone')
            : t('roles.costPart', { percent: Math.round(figures.costKnownBp / CENTI) })}
        </p>
      )}
    </Card>
  )
}

function Fact(props: { label: string; value: ReactNode; note?: string; isGood?: boolean | undefined }) {
  const tone = props.isGood === undefined ? '' : props.isGood ? 'green' : 'red'
  return (
    <div>
      <dt>{props.label}</dt>
      <dd className="spring role-figure">
        <span className={`num strong ${tone}`}>{props.value}</span>
        {props.note && <span className="faint small">{props.note}</span>}
      </dd>
    </div>
  )
}

function ExclusiveCard({ report: { channelExclusive: goods } }: { report: RolesReport }) {
  return (
    <Card title={t('roles.exclusive')}>
      <p className={goods.shareBp >= goods.targetShareBp ? 'green' : ''}>
        {t('roles.exclusiveShare', {
          share: (goods.shareBp / CENTI).toFixed(1),
          exclusive: goods.exclusive,
          onSale: goods.onSale,
          target: goods.targetShareBp / CENTI,
        })}
      </p>
      <Progress percent={Math.round(goods.shareBp / CENTI)} showInfo={false} aria-label={t('roles.exclusive')} />
      {goods.exclusive === 0 ? (
        <p className="soft">{t('roles.exclusiveNone')}</p>
      ) : (
        <>
          <p>{t('roles.exclusiveMargin', { margin: percent(goods.marginBp), target: goods.targetMarginBp / CENTI })}</p>
          {goods.below.length === 0 ? (
            <p className="green">{t('roles.belowNone')}</p>
          ) : (
            <>
              <p className="soft">{t('roles.below')}</p>
              <ul className="plain">
                {goods.below.map((product) => (
                  <li key={product.productId} className="row-between">
                    <Link to={`../products/${product.productId}`}>{product.title}</Link>
                    <span className="num red">{percent(product.marginBp)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Card>
  )
}

function RegionCard({ report }: { report: RolesReport }) {
  return (
    <Card title={t('roles.regions')}>
      {report.regionExclusive.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('roles.regionsNone')} />
      ) : (
        <div className="tag-values">
          {report.regionExclusive.map(({ province, products }) => (
            <Tag key={province}>
              {province} <span className="num faint">{products}</span>
            </Tag>
          ))}
        </div>
      )}
    </Card>
  )
}
