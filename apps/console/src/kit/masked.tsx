import { EyeOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'

interface MaskedProps {
  children: ReactNode
  /** Whether the personal data is shown in full already. */
  shown: boolean
  /** Whether the viewer may see it. */
  allowed: boolean
  loading?: boolean
  onReveal: () => void
}

/** Personal data that is masked until somebody who may asks for it; asking is written to the audit log. */
export function Masked({ children, shown, allowed, loading, onReveal }: MaskedProps) {
  return (
    <span className="masked">
      <span data-testid="personal-data">{children}</span>
      {allowed && !shown && (
        <Button
          size="small"
          type="text"
          icon={<EyeOutlined />}
          loading={loading ?? false}
          onClick={onReveal}
          title={t('masked.audited')}
        >
          {t('masked.reveal')}
        </Button>
      )}
    </span>
  )
}
