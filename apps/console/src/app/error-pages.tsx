import { CompassOutlined, FrownOutlined, LockOutlined } from '@ant-design/icons'
import { PERMISSIONS, type Permission } from '@zhanggui/contract/permissions'
import { Button, Result } from 'antd'
import { Link, useRouteError } from 'react-router'
import { say, t } from '../i18n/index.ts'

const homeLink = () => (
  <Link to="/">
    <Button type="primary">{t('error.home')}</Button>
  </Link>
)

export function NotFoundPage() {
  return (
    <Result
      icon={<CompassOutlined className="error-icon" />}
      title={t('error.notFound')}
      subTitle={t('error.notFoundHint')}
      extra={homeLink()}
    />
  )
}

export function ForbiddenPage({ permission }: { permission: Permission }) {
  return (
    <Result
      icon={<LockOutlined className="error-icon" />}
      title={t('error.forbidden')}
      subTitle={t('error.forbiddenHint', { permission: say(PERMISSIONS[permission]) })}
      extra={homeLink()}
    />
  )
}

export function NoShopPage() {
  return <Result status="info" title={t('error.noShop')} subTitle={t('error.noShopHint')} />
}

/** A screen that broke, or whose file a newer version has replaced. */
export function CrashPage() {
  const error = useRouteError()
  const text = error instanceof Error ? error.message : String(error)
  return (
    <Result
      icon={<FrownOutlined className="error-icon" />}
      title={t('error.crash')}
      subTitle={<span className="soft">{text.slice(0, 300)}</span>}
      extra={
        <Button type="primary" onClick={() => location.reload()}>
          {t('error.reload')}
        </Button>
      }
    />
  )
}
