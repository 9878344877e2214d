import { DownloadOutlined } from '@ant-design/icons'
import type { ExportColumn, ExportInput } from '@zhanggui/contract'
import { Button, Checkbox, Radio } from 'antd'
import { useState } from 'react'
import { useMaybeShop } from '../app/session.tsx'
import { locale, t } from '../i18n/index.ts'
import { api, routeUrl } from './api.ts'
import { useFeedback } from './feedback.tsx'
import { PlainDialog } from './plain-dialog.tsx'

interface Props {
  route: string
  /** The input of the list as it is shown: its own filters, and parameters beside the shop. */
  input: { params?: object; query?: object }
  columns: ExportColumn[]
  title: string
}

/** Lists whose rows have personal data that may be exported in clear. */
const WITH_PERSONAL_DATA = ['console.orders']

/** Takes the list as it is filtered away as a spreadsheet. */
export function ExportMenu(props: Props) {
  const shop = useMaybeShop()
  const [open, setOpen] = useState(false)
  if (!shop) return null
  return (
    <>
      <Button
        type="text"
        icon={<DownloadOutlined />}
        aria-label={t('export.title')}
        title={t('export.title')}
        data-testid="export"
        onClick={() => setOpen(true)}
      />
      {open && (
        <ExportDialog
          {...props}
          shopId={shop.id}
          mayPersonal={WITH_PERSONAL_DATA.includes(props.route) && shop.permissions.includes('customers.personal-data')}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

interface DialogProps extends Props {
  shopId: string
  mayPersonal: boolean
  onClose: () => void
}

function ExportDialog({ route, input, columns, title, shopId, mayPersonal, onClose }: DialogProps) {
  const { done } = useFeedback()
  const [format, setFormat] = useState<ExportInput['format']>('xlsx')
  const [personal, setPersonal] = useState(false)
  const run = async () => {
    const { id } = await api('console.startExport', {
      params: { shopId },
      body: {
        route,
        title,
        format,
        personal,
        columns,
        language: locale(),
        params: words(input.params, 'shopId'),
        query: words(input.query),
      },
    })
    const link = document.createElement('a')
    link.href = routeUrl('console.exportFile', { params: { shopId, exportId: id } })
    link.download = ''
    link.click()
    done(t('export.started'))
  }
  return (
    <PlainDialog title={t('export.title')} okText={t('export.run')} run={run} onClose={onClose}>
      <p className="soft">{t('export.hint', { title })}</p>
      <Radio.Group
        aria-label={t('export.format')}
        value={format}
        onChange={(event) => setFormat(event.target.value)}
        options={[
          { value: 'xlsx', label: t('export.xlsx') },
          { value: 'csv', label: t('export.csv') },
        ]}
      />
      {mayPersonal && (
        <p className="gap-top">
          <Checkbox checked={personal} onChange={(event) => setPersonal(event.target.checked)}>
            {t('export.personal')}
          </Checkbox>
        </p>
      )}
      <p className="faint small gap-top">{t('export.audited')}</p>
    </PlainDialog>
  )
}

/** What an address carries: texts, without what is not set. */
function words(values: object | undefined, ...without: string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([name, value]) =>
      value === undefined || value === null || without.includes(name) ? [] : [[name, String(value)]],
    ),
  )
}
