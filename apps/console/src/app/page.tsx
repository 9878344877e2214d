import { ArrowLeftOutlined } from '@ant-design/icons'
import { Button, Skeleton } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { Link } from 'react-router'
import { t } from '../i18n/index.ts'
import { useHelp } from './help.tsx'

interface Props {
  title: string
  /** Beside the title: a state, a number. */
  mark?: ReactNode
  hint?: ReactNode
  /** Where the arrow leads. */
  back?: string
  actions?: ReactNode
  children: ReactNode
  narrow?: boolean
}

/** The frame of a screen: title, actions, content. Names the browser's tab. */
export function Page({ title, mark, hint, back, actions, children, narrow }: Props) {
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title])
  const help = useHelp()
  return (
    <main className={narrow ? 'page narrow' : 'page'}>
      <header className="page-head">
        {back !== undefined && (
          <Link to={back} aria-label={t('action.back')}>
            <Button type="text" icon={<ArrowLeftOutlined />} tabIndex={-1} />
          </Link>
        )}
        <div className="page-title">
          <h1>{title}</h1>
          {mark}
          {help.button}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {help.panel}
      {hint && <p className="page-hint">{hint}</p>}
      {children}
    </main>
  )
}

export function PageSkeleton() {
  return (
    <div className="page" aria-busy>
      <Skeleton active title={{ width: 160 }} paragraph={{ rows: 8 }} />
    </div>
  )
}
