import type { ImportJob } from '@zhanggui/contract'
import { Card, Result, Spin, Steps } from 'antd'
import { useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { useIsPhone } from '../../kit/media.ts'
import { MappingStep } from './mapping.tsx'
import { ImportResult } from './result.tsx'
import { RunningStep } from './running.tsx'
import { ImportStateTag } from './state-tag.tsx'

const POLL_MS = 1000
const STEPS: Record<ImportJob['state'], number> = {
  reading: 0,
  mapping: 1,
  running: 2,
  done: 3,
  failed: 3,
  cancelled: 3,
}

/** One import from its columns to its result; asks the server again while something is going on. */
export default function ImportPage() {
  const { shop, shopId } = useShop()
  const phone = useIsPhone()
  const { importId = '' } = useParams()
  const read = useRead(
    'console.import',
    { params: { shopId, importId } },
    { refetchMs: (job) => (job === undefined || isMoving(job) ? POLL_MS : false) },
  )
  const title = read.data?.fileName ?? t('nav.imports')
  return (
    <Page title={title} back={`/s/${shop.slug}/imports`} mark={read.data && <ImportStateTag state={read.data.state} />}>
      <Loaded query={read}>
        {(job) => (
          <>
            <Steps
              className="import-steps"
              size="small"
              responsive={false}
              titlePlacement={phone ? 'vertical' : 'horizontal'}
              current={STEPS[job.state]}
              status={job.state === 'failed' ? 'error' : 'process'}
              items={(['upload', 'mapping', 'run', 'result'] as const).map((step) => ({
                title: t(`import.step.${step}`),
              }))}
            />
            <Step key={job.state} job={job} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

const isMoving = (job: ImportJob): boolean => job.state === 'reading' || job.state === 'running'

function Step({ job }: { job: ImportJob }) {
  switch (job.state) {
    case 'reading':
      return (
        <Card>
          <Result icon={<Spin size="large" />} title={t('import.reading')} />
        </Card>
      )
    case 'mapping':
      return <MappingStep job={job} />
    case 'running':
      return <RunningStep job={job} />
    default:
      return <ImportResult job={job} />
  }
}
