import type { Product } from '@zhanggui/contract'
import { Card } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../../../i18n/index.ts'
import type { MessageKey } from '../../../i18n/zh.ts'

/** What every section of the product editor is given; undefined for a product that is not stored yet. */
export interface SectionProps {
  product: Product | undefined
}

interface Props {
  /** The anchor, `#section-<id>`. */
  id: string
  title: MessageKey
  extra?: ReactNode
  children: ReactNode
}

/** One card of the product editor that the index beside it leads to. */
export function Section({ id, title, extra, children }: Props) {
  return (
    <Card id={`section-${id}`} className="editor-section" title={t(title)} extra={extra}>
      {children}
    </Card>
  )
}
