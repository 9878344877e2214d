import type { ImportJob } from '@zhanggui/contract'
import { Button, Card, Progress } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { ImportCounts } from './result.tsx'

/** The bar while an import runs. */
export function RunningStep({ job }: { job: ImportJob }) {
  const { shopId, may } = useShop()
  const { confirm } = useFeedback()
  const cancel = useWrite('console.cancelImport', ['console.import', 'console.imports'])
  const percent = job.totalRows === 0 ? 0 : Math.floor((job.doneRows / job.totalRows) * 100)
  const ask = () =>
    confirm({
      title: t('import.cancelAsk'),
      content: t('import.cancelHint'),
      okText: t('import.cancel'),
      danger: true,
      run: () => cancel.mutateAsync({ params: { shopId, importId: job.id } }),
    })
  return (
    <Card data-testid="import-running">
      <Progress percent={percent} status="active" size={['100%', 12]} />
      <p className="soft num">{t('import.progress', { done: job.doneRows, total: job.totalRows })}</p>
      <ImportCounts job={job} />
      {may('catalog.write') && (
        <div className="row-end">
          <Button danger onClick={ask}>
            {t('import.cancel')}
          </Button>
        </div>
      )}
    </Card>
  )
}
