import { CompassOutlined, FrownOutlined, LockOutlined, ShopOutlined } from '@ant-design/icons'
import { PERMISSIONS, type Permission } from '@zhanggui/contract/permissions'
import { Button, Result } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { Link, useRouteError } from 'react-router'
import { say, t } from '../i18n/index.ts'

const homeLink = () => (
  <Link to="/">
    <Button type="primary">{t('error.home')}</Button>
  </Link>
)

/** A screen that says why there is nothing else, and where to go from here. Names the browser's tab. */
function Instead({ icon, title, hint, extra }: { icon: ReactNode; title: string; hint: ReactNode; extra?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title])
  return (
    <main>
      <Result icon={icon} title={<h1>{title}</h1>} subTitle={hint} extra={extra} />
    </main>
  )
}

export function NotFoundPage() {
  return (
    <Instead
      icon={<CompassOutlined className="error-icon" />}
      title={t('error.notFound')}
      hint={t('error.notFoundHint')}
      extra={homeLink()}
    />
  )
}

export function ForbiddenPage({ permission }: { permission: Permission }) {
  return (
    <Instead
      icon={<LockOutlined className="error-icon" />}
      title={t('error.forbidden')}
      hint={t('error.forbiddenHint', { permission: say(PERMISSIONS[permission]) })}
      extra={homeLink()}
    />
  )
}

export function NoShopPage() {
  return (
    <Instead icon={<ShopOutlined className="error-icon" />} title={t('error.noShop')} hint={t('error.noShopHint')} />
  )
}

/** A screen that broke, or whose file a newer version has replaced. */
export function CrashPage() {
  const error = useRouteError()
  const text = error instanceof Error ? error.message : String(error)
  return (
    <Instead
      icon={<FrownOutlined className="error-icon" />}
      title={t('error.crash')}
      hint={<span className="soft">{text.slice(0, 300)}</span>}
      extra={
        <Button type="primary" onClick={() => location.reload()}>
          {t('error.reload')}
        </Button>
      }
    />
  )
}
