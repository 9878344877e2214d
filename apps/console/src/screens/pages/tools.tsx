import {
  CheckCircleOutlined,
  HistoryOutlined,
  LoadingOutlined,
  QrcodeOutlined,
  RedoOutlined,
  SettingOutlined,
  UndoOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../../i18n/index.ts'
import { errorText } from '../../kit/api.ts'
import type { Draft, SaveState } from './use-draft.ts'

interface Props {
  draft: Draft
  isWritable: boolean
  toPage: () => void
  showVersions: () => void
  showCode: () => void
  publish: () => void
}

/** What can be done with the page as a whole. */
export function Tools({ draft, isWritable, toPage, showVersions, showCode, publish }: Props) {
  const tool = (label: string, icon: ReactNode, onClick: (() => void) | undefined) => (
    <Tooltip title={label}>
      <Button icon={icon} aria-label={label} disabled={!onClick} onClick={onClick} />
    </Tooltip>
  )
  return (
    <>
      {isWritable && tool(t('design.undo'), <UndoOutlined />, draft.undo)}
      {isWritable && tool(t('design.redo'), <RedoOutlined />, draft.redo)}
      {tool(t('design.onPhone'), <QrcodeOutlined />, showCode)}
      {tool(t('design.versions'), <HistoryOutlined />, showVersions)}
      {tool(t('design.pageSettings'), <SettingOutlined />, toPage)}
      {isWritable && (
        <Button type="primary" onClick={publish}>
          {t('design.publish')}
        </Button>
      )}
    </>
  )
}

/** Whether everything is kept. */
export function SaveMark({ save, retry }: { save: SaveState; retry: () => void }) {
  if (save.kind === 'failed')
    return (
      <span role="alert" className="red small">
        <WarningOutlined /> {t('design.saveFailed', { reason: errorText(save.error) })}{' '}
        <Button type="link" size="small" onClick={retry}>
          {t('action.retry')}
        </Button>
      </span>
    )
  const isKept = save.kind === 'saved'
  return (
    <span role="status" className="soft small design-save" data-save={save.kind}>
      {isKept ? <CheckCircleOutlined /> : <LoadingOutlined />} {t(isKept ? 'design.saved' : 'design.saving')}
    </span>
  )
}
