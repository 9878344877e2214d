import { Empty } from 'antd'
import type { ReactNode } from 'react'

interface Props {
  title: string
  /** When something will be here, or what to do. */
  hint?: ReactNode
  /** One button, or none. */
  action?: ReactNode
}

/** In the place of what is not there yet: what is missing, why, and the one thing to do about it. */
export const Nothing = ({ title, hint, action }: Props) => (
  <Empty
    className="nothing"
    image={Empty.PRESENTED_IMAGE_SIMPLE}
    description={
      <>
        <div className="strong">{title}</div>
        {hint && <div className="soft">{hint}</div>}
      </>
    }
  >
    {action}
  </Empty>
)
