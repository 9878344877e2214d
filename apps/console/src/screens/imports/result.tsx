import { DownloadOutlined } from '@ant-design/icons'
import type { ImportJob } from '@zhanggui/contract'
import { Button, Card, Result, Statistic } from 'antd'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { routeUrl, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { Refusals } from './refusals.tsx'

const STATUS = { done: 'success', failed: 'error', cancelled: 'warning' } as const

/** How an import ended; one that stopped can go on. */
export function ImportResult({ job }: { job: ImportJob }) {
  const { shop, shopId, may } = useShop()
  const { failed } = useFeedback()
  const run = useWrite('console.runImport', ['console.import', 'console.imports'])
  const state = job.state as keyof typeof STATUS
  const resume = () =>
    run.mutate(
      { params: { shopId, importId: job.id }, body: { mapping: job.mapping, options: job.options } },
      { onError: failed },
    )
  const actions = [
    <Link key="products" to={`/s/${shop.slug}/products`}>
      <Button type={state === 'done' ? 'primary' : 'default'} tabIndex={-1}>
        {t('import.toProducts')}
      </Button>
    </Link>,
    state !== 'done' && job.totalRows > 0 && may('catalog.write') && (
      <Button key="resume" type="primary" loading={run.isPending} onClick={resume}>
        {t('import.resume')}
      </Button>
    ),
    <Link key="again" to={`/s/${shop.slug}/imports`}>
      <Button tabIndex={-1}>{t('import.again')}</Button>
    </Link>,
  ]
  return (
    <div className="stack-l">
      <Card data-testid="import-result">
        <Result
          status={STATUS[state]}
          title={t(`import.ended.${state}`)}
          subTitle={job.failure ?? (job.options.publish ? <DraftsHint /> : undefined)}
          extra={actions}
        >
          <ImportCounts job={job} />
        </Result>
      </Card>
      {job.refusedRows > 0 && (
        <Card
          title={t('import.refusedRows', { count: job.refusedRows })}
          extra={
            <a href={routeUrl('console.importRefusalsFile', { params: { shopId, importId: job.id } })} download>
              <DownloadOutlined /> {t('import.refusalsFile')}
            </a>
          }
        >
          <Refusals job={job} />
        </Card>
      )}
    </div>
  )
}

/** A product that is not complete cannot be published, whatever was asked for. */
function DraftsHint() {
  const { shop } = useShop()
  return (
    <>
      {t('import.draftsHint')} <Link to={`/s/${shop.slug}/products?state=draft`}>{t('import.toDrafts')}</Link>
    </>
  )
}

export function ImportCounts({ job }: { job: ImportJob }) {
  return (
    <div className="counts">
      <Statistic title={t('import.rows')} value={job.doneRows} suffix={`/ ${job.totalRows}`} />
      <Statistic title={t('import.created')} value={job.createdProducts} />
      <Statistic title={t('import.updated')} value={job.updatedProducts} />
      <Statistic title={t('import.refused')} value={job.refusedRows} />
    </div>
  )
}
