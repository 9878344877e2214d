import type { CompletenessOverview, ProductRow } from '@zhanggui/contract'
import { Button, Card, Progress } from 'antd'
import { Link, useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { Nothing } from '../../kit/nothing.tsx'
import { Thumb } from '../../kit/picture.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { ScoreMark } from '../products/score-mark.tsx'

const CENTI = 100

/** How complete the products on sale are, what pays most to add, and which products to mend first. */
export default function CompletenessPage() {
  const { shopId, shop, may } = useShop()
  const read = useRead('console.completeness', { params: { shopId } })
  const rules = may('settings.read') && (
    <Link to={`/s/${shop.slug}/settings?group=content`}>
      <Button tabIndex={-1}>{t('complete.rules')}</Button>
    </Link>
  )
  return (
    <Page title={t('nav.completeness')} hint={t('complete.hint')} actions={rules}>
      <Loaded query={read}>
        {(overview) =>
          overview.products === 0 ? (
            <div className="resource">
              <Nothing
                title={t('complete.none')}
                hint={t('complete.noneHint')}
                action={
                  <Link to={`/s/${shop.slug}/products`}>
                    <Button tabIndex={-1}>{t('nav.products')}</Button>
                  </Link>
                }
              />
            </div>
          ) : (
            <div className="stack-l">
              <div className="complete-top">
                <Standing overview={overview} />
                <Gaps overview={overview} />
              </div>
              <FixFirst />
            </div>
          )
        }
      </Loaded>
    </Page>
  )
}

function Standing({ overview }: { overview: CompletenessOverview }) {
  return (
    <Card title={t('complete.bands')}>
      <div className="complete-figures">
        <span>
          <span className="soft">{t('complete.average')}</span>
          <span className="score-number num">{overview.average}</span>
        </span>
        <span>
          <span className="soft">{t('complete.products')}</span>
          <span className="score-number num">{overview.products}</span>
        </span>
      </div>
      <dl className="complete-bands">
        {[...overview.bands].reverse().map((band) => (
          <div key={band.from}>
            <dt>{band.from === 100 ? t('complete.band100') : t('complete.band', { from: band.from, to: band.to })}</dt>
            <dd>
              <Progress
                percent={Math.round((band.products * 100) / overview.products)}
                showInfo={false}
                size="small"
                aria-label={String(band.products)}
              />
            </dd>
            <dd className="num">{band.products}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function Gaps({ overview }: { overview: CompletenessOverview }) {
  return (
    <Card title={t('complete.gaps')}>
      {overview.gaps.length === 0 ? (
        <Nothing title={t('complete.allGood')} />
      ) : (
        <ul className="plain complete-gaps">
          {overview.gaps.map((gap) => (
            <li key={gap.item} className="row-between">
              <span>
                <span className="strong">{t(`complete.gap.${gap.item}`, { products: gap.products })}</span>{' '}
                <span className="soft small">
                  {t('complete.gain', { gain: (gap.gainCentipoints / CENTI).toFixed(1) })}
                </span>
              </span>
              <Link to={`../products?state=on-sale&gap=${gap.item}&sort=fix-first`}>{t('complete.see')}</Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

const columns = (): Column<ProductRow>[] => [
  {
    key: 'title',
    title: t('product.title'),
    role: 'title',
    render: (row) => (
      <span className="cell-media">
        <Thumb picture={row.picture} />
        <span className="cell-title">{row.title}</span>
      </span>
    ),
  },
  {
    key: 'score',
    field: 'completeness',
    title: t('score.title'),
    width: 140,
    render: (row) => <ScoreMark score={row.completeness} />,
  },
  {
    key: 'sold',
    field: 'soldCount',
    title: t('product.sold'),
    align: 'right',
    width: 100,
    render: (row) => <span className="num">{row.soldCount}</span>,
  },
]

function FixFirst() {
  const { shopId } = useShop()
  const navigate = useNavigate()
  return (
    <section className="stack-s">
      <h2 className="section-title">
        {t('complete.first')} <span className="soft small">{t('complete.firstHint')}</span>
      </h2>
      <ResourceTable
        name="fix-first"
        route="console.products"
        input={() => ({ params: { shopId }, query: { state: 'on-sale', completenessMax: 99, sort: 'fix-first' } })}
        rowKey={(row) => row.id}
        columns={columns()}
        onRow={(row) => void navigate(`../products/${row.id}`)}
        limit={10}
        empty={{ title: t('complete.allGood') }}
      />
    </section>
  )
}
