import { DownloadOutlined, InboxOutlined } from '@ant-design/icons'
import type { ImportJob } from '@zhanggui/contract'
import { Button, Card, Progress, Upload } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { routeUrl, upload } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { useIsPhone } from '../../kit/media.ts'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { ImportStateTag } from './state-tag.tsx'

const columns = (): Column<ImportJob>[] => [
  {
    key: 'file',
    field: 'fileName',
    title: t('import.file'),
    role: 'title',
    render: (job) => <Link to={job.id}>{job.fileName}</Link>,
  },
  { key: 'state', title: t('import.state'), width: 110, render: (job) => <ImportStateTag state={job.state} /> },
  {
    key: 'rows',
    field: 'totalRows',
    title: t('import.rows'),
    align: 'right',
    render: (job) => <span className="num">{`${job.doneRows} / ${job.totalRows}`}</span>,
  },
  {
    key: 'created',
    field: 'createdProducts',
    title: t('import.created'),
    align: 'right',
    render: (job) => <span className="num">{job.createdProducts}</span>,
  },
  {
    key: 'updated',
    field: 'updatedProducts',
    title: t('import.updated'),
    align: 'right',
    render: (job) => <span className="num">{job.updatedProducts}</span>,
  },
  {
    key: 'refused',
    field: 'refusedRows',
    title: t('import.refused'),
    align: 'right',
    render: (job) => <span className={job.refusedRows > 0 ? 'num red' : 'num'}>{job.refusedRows}</span>,
  },
  {
    key: 'at',
    field: 'createdAt',
    title: t('import.at'),
    width: 150,
    render: (job) => <InstantText at={job.createdAt} />,
  },
]

/** Imports: start one, and see all that were. */
export default function ImportsPage() {
  const { shopId, may } = useShop()
  const navigate = useNavigate()
  const template = (
    <a href={routeUrl('console.importTemplate', { params: { shopId } })} download>
      <Button icon={<DownloadOutlined />} tabIndex={-1}>
        {t('import.template')}
      </Button>
    </a>
  )
  return (
    <Page title={t('nav.imports')} actions={template}>
      {may('catalog.write') && <StartImport />}
      <ResourceTable
        name="imports"
        route="console.imports"
        input={() => ({ params: { shopId } })}
        rowKey={(job) => job.id}
        columns={columns()}
        onRow={(job) => void navigate(job.id)}
        empty={{ title: t('import.none'), hint: t('import.noneHint') }}
      />
    </Page>
  )
}

function StartImport() {
  const { shopId } = useShop()
  const navigate = useNavigate()
  const { failed } = useFeedback()
  const phone = useIsPhone()
  const [share, setShare] = useState<number>()
  const start = async (file: File) => {
    setShare(0)
    try {
      const job = await upload('console.startImport', { params: { shopId }, file, fileName: file.name }, setShare)
      void navigate(job.id)
    } catch (error) {
      failed(error)
      setShare(undefined)
    }
  }
  return (
    <Card className="drop">
      <Upload.Dragger
        accept=".xlsx,.csv,.zip"
        showUploadList={false}
        disabled={share !== undefined}
        beforeUpload={(file) => {
          void start(file)
          return false
        }}
      >
        {share === undefined ? (
          <>
            <p className="drop-icon">
              <InboxOutlined />
            </p>
            <p className="strong">{t(phone ? 'import.choose' : 'import.drop')}</p>
            <p className="soft">{t('import.dropHint')}</p>
          </>
        ) : (
          <>
            <Progress percent={Math.round(share * 100)} />
            <p className="soft">{share < 1 ? t('import.uploading') : t('import.reading')}</p>
          </>
        )}
      </Upload.Dragger>
    </Card>
  )
}
