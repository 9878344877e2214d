import { DownloadOutlined, InboxOutlined } from '@ant-design/icons'
import type { ShipFile } from '@zhanggui/contract'
import { Button, Card, Upload } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { routeUrl, upload } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

const columns = (): Column<ShipFile>[] => [
  {
    key: 'file',
    field: 'fileName',
    title: t('shipFile.file'),
    role: 'title',
    render: (row) => <Link to={row.id}>{row.fileName}</Link>,
  },
  {
    key: 'ready',
    title: t('shipFile.ready'),
    align: 'right',
    render: (row) => <span className="num">{row.ready}</span>,
  },
  {
    key: 'shipped',
    title: t('shipFile.shipped'),
    align: 'right',
    render: (row) => <span className="num">{row.shipped}</span>,
  },
  {
    key: 'same',
    title: t('shipFile.same'),
    align: 'right',
    render: (row) => <span className="num">{row.same}</span>,
  },
  {
    key: 'refused',
    title: t('shipFile.refused'),
    align: 'right',
    render: (row) => <span className={row.refused > 0 ? 'num red' : 'num'}>{row.refused}</span>,
  },
  { key: 'by', field: 'createdBy', title: t('shipFile.by'), render: (row) => row.createdBy },
  {
    key: 'at',
    field: 'createdAt',
    title: t('shipFile.at'),
    width: 150,
    render: (row) => <InstantText at={row.createdAt} />,
  },
]

/** Shipping many at once: download what waits, fill in tracking numbers, upload. */
export default function ShipFilesPage() {
  const { shopId } = useShop()
  const navigate = useNavigate()
  const { failed } = useFeedback()
  const [busy, setBusy] = useState(false)
  const sheet = (format: 'xlsx' | 'csv') => routeUrl('console.shipSheet', { params: { shopId }, query: { format } })
  const send = async (file: File) => {
    setBusy(true)
    try {
      const made = await upload('console.uploadShipFile', { params: { shopId }, file, fileName: file.name }, () => {})
      void navigate(made.id)
    } catch (error) {
      failed(error)
    } finally {
      setBusy(false)
    }
  }
  const downloads = (
    <>
      <a href={sheet('csv')} download>
        <Button tabIndex={-1}>{t('shipFile.csv')}</Button>
      </a>
      <a href={sheet('xlsx')} download>
        <Button type="primary" icon={<DownloadOutlined />} tabIndex={-1}>
          {t('shipFile.download')}
        </Button>
      </a>
    </>
  )
  return (
    <Page title={t('nav.shipFiles')} hint={t('shipFile.hint')} actions={downloads}>
      <Card className="drop">
        <Upload.Dragger
          accept=".xlsx,.csv"
          showUploadList={false}
          disabled={busy}
          beforeUpload={(file) => {
            void send(file)
            return false
          }}
        >
          <p className="drop-icon">
            <InboxOutlined />
          </p>
          <p className="strong">{t('shipFile.drop')}</p>
          <p className="soft">{t('shipFile.dropHint')}</p>
        </Upload.Dragger>
      </Card>
      <ResourceTable
        name="ship-files"
        route="console.shipFiles"
        input={() => ({ params: { shopId } })}
        rowKey={(row) => row.id}
        columns={columns()}
        onRow={(row) => void navigate(row.id)}
        empty={{ title: t('shipFile.none') }}
      />
    </Page>
  )
}
