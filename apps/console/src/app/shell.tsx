import {
  CheckOutlined,
  LeftOutlined,
  MenuOutlined,
  RightOutlined,
  SearchOutlined,
  ShopOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { Button, Drawer, Dropdown, Layout, Menu, type MenuProps, Select, Tag, Tooltip } from 'antd'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { Link, useLocation, useNavigate, useNavigation, useParams } from 'react-router'
import { locale, switchLocale, t } from '../i18n/index.ts'
import { api } from '../kit/api.ts'
import { useFeedback } from '../kit/feedback.tsx'
import { useMedia } from '../kit/media.ts'
import { ApprovalWait } from './approval-wait.tsx'
import { MentionsBell } from './mentions.tsx'
import { mayGo, type Place, type PlaceGroup, platformPlaces, shopHome, shopPlaces } from './navigation.tsx'
import { forgetSession, useMaybeShop, useSession } from './session.tsx'
import { COMMAND_KEY, ShortcutsDialog, useShortcuts } from './shortcuts.tsx'
import { StepUp } from './step-up.tsx'
import { chooseTheme, THEME_CHOICES, useThemeChoice } from './theme-mode.ts'
import { UnusualSignIn } from './unusual-sign-in.tsx'

// The forms and their schemas are loaded when one of the dialogs is opened.
const PasswordDialog = lazy(() =>
  import('../screens/account/dialogs.tsx').then((file) => ({ default: file.PasswordDialog })),
)
const Palette = lazy(() => import('./palette.tsx'))
const SecurityDialog = lazy(() =>
  import('../screens/account/security.tsx').then((file) => ({ default: file.SecurityDialog })),
)
const TotpDialog = lazy(() => import('../screens/account/dialogs.tsx').then((file) => ({ default: file.TotpDialog })))

const COLLAPSED = 'zg.nav-collapsed'

/** Navigation, shop switcher and account around every signed-in screen. */
export function Shell({ children }: { children: ReactNode }) {
  const small = useMedia('(max-width: 899px)')
  const [collapsed, setCollapsed] = useState(() => localStorage.getItem(COLLAPSED) === '1')
  const [drawer, setDrawer] = useState(false)
  const [searching, setSearching] = useState(false)
  const { keysShown, hideKeys } = useShortcuts(() => setSearching(true))
  const moving = useNavigation().state !== 'idle'
  const collapse = (next: boolean) => {
    setCollapsed(next)
    localStorage.setItem(COLLAPSED, next ? '1' : '0')
  }
  return (
    <Layout className="shell">
      {moving && <div className="moving" role="progressbar" aria-label={t('app.loading')} />}
      {!small && (
        <Layout.Sider className="sider" width={216} collapsedWidth={64} collapsed={collapsed} theme="light">
          <Brand collapsed={collapsed} />
          <Navigation collapsed={collapsed} />
          <Button
            className="collapse"
            type="text"
            block
            icon={collapsed ? <RightOutlined /> : <LeftOutlined />}
            aria-label={collapsed ? t('nav.expand') : t('nav.collapse')}
            onClick={() => collapse(!collapsed)}
          />
        </Layout.Sider>
      )}
      <Drawer
        open={small && drawer}
        placement="left"
        size={264}
        onClose={() => setDrawer(false)}
        title={t('app.name')}
        styles={{ body: { padding: 8 } }}
      >
        <Navigation collapsed={false} onGo={() => setDrawer(false)} />
      </Drawer>
      <Layout>
        <Layout.Header className="topbar">
          {small && (
            <Button type="text" icon={<MenuOutlined />} aria-label={t('nav.open')} onClick={() => setDrawer(true)} />
          )}
          <ShopSwitcher />
          <PartOfShop />
          <span className="spring" />
          <SearchButton small={small} onClick={() => setSearching(true)} />
          <MentionsBell />
          <AccountMenu />
        </Layout.Header>
        <UnusualSignIn />
        <Layout.Content>{children}</Layout.Content>
      </Layout>
      <Suspense fallback={null}>{searching && <Palette onClose={() => setSearching(false)} />}</Suspense>
      {keysShown && <ShortcutsDialog onClose={hideKeys} />}
      <StepUp />
      <ApprovalWait />
    </Layout>
  )
}

/** Tells somebody whose roles reach a part of the shop that they do not see all of it. */
function PartOfShop() {
  const shop = useMaybeShop()
  if (!shop || shop.narrowedBy.length === 0) return null
  const by = shop.narrowedBy.map((dimension) => t(`scope.${dimension}`)).join('、')
  return (
    <Tooltip title={t('scope.part', { by })}>
      <Tag color="orange" data-testid="part-of-shop" tabIndex={0}>
        {t('scope.partShort')}
      </Tag>
    </Tooltip>
  )
}

function SearchButton({ small, onClick }: { small: boolean; onClick: () => void }) {
  if (small) return <Button type="text" icon={<SearchOutlined />} aria-label={t('palette.title')} onClick={onClick} />
  return (
    <button type="button" className="search-button" onClick={onClick}>
      <SearchOutlined /> <span className="spring">{t('palette.title')}</span>
      <kbd aria-hidden>{COMMAND_KEY} K</kbd>
    </button>
  )
}

function Brand({ collapsed }: { collapsed: boolean }) {
  return (
    <Link to="/" className="brand" aria-label={t('app.name')}>
      <img src="/console/icon.svg" width={30} height={30} alt="" />
      {!collapsed && <span>{t('app.name')}</span>}
    </Link>
  )
}

function Navigation({ collapsed, onGo }: { collapsed: boolean; onGo?: () => void }) {
  const { slug } = useParams()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const session = useSession()
  const shop = session.shops.find((each) => each.slug === slug) ?? session.shops[0]
  const allowed = (group: PlaceGroup, permissions: readonly string[]): PlaceGroup => ({
    ...group,
    places: group.places.filter((each) => mayGo(each, permissions)),
  })
  const groups = [
    ...(shop ? shopPlaces().map((group) => allowed(group, shop.permissions)) : []),
    allowed(platformPlaces(), session.platformPermissions),
  ].filter((group) => group.places.length > 0)
  const pathOf = (place: Place) => (place.path.startsWith('/') ? place.path : `/s/${shop?.slug}/${place.path}`)
  const item = (place: Place) => ({
    key: pathOf(place),
    icon: place.icon,
    label: <Link to={pathOf(place)}>{place.label}</Link>,
    title: place.label,
  })
  const items = groups.flatMap((group): NonNullable<MenuProps['items']> => {
    const places = group.places.map(item)
    if (group.label === '') return places
    return [{ type: 'group', key: group.key, label: collapsed ? '' : group.label, children: places }]
  })
  const current = groups
    .flatMap((group) => group.places.map(pathOf))
    .find((path) => pathname === path || pathname.startsWith(`${path}/`))
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    // Where one is stays in sight, however long the navigation.
    if (current) nav.current?.querySelector('.ant-menu-item-selected')?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <nav ref={nav} className="navigation" aria-label={t('nav.main')}>
      <Menu
        mode="inline"
        inlineCollapsed={collapsed}
        selectedKeys={current ? [current] : []}
        items={items}
        onClick={({ key, domEvent }) => {
          // A click is the link's own business; only the keyboard chooses the item and not the link in it.
          if (domEvent.type === 'keydown') void navigate(key)
          onGo?.()
        }}
      />
    </nav>
  )
}

function ShopSwitcher() {
  const { slug } = useParams()
  const session = useSession()
  const navigate = useNavigate()
  if (session.shops.length === 0) return null
  const current = session.shops.find((shop) => shop.slug === slug)
  if (session.shops.length === 1) return <span className="shop-name">{session.shops[0]!.name}</span>
  return (
    <Select
      className="shop-switcher"
      aria-label={t('nav.switchShop')}
      variant="borderless"
      prefix={<ShopOutlined />}
      placeholder={t('nav.switchShop')}
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      value={current?.slug ?? null}
      options={session.shops.map((shop) => ({ value: shop.slug, label: shop.name }))}
      onChange={(next: string | null) => {
        const shop = session.shops.find((each) => each.slug === next)
        if (shop) void navigate(shopHome(shop))
      }}
    />
  )
}

function AccountMenu() {
  const session = useSession()
  const navigate = useNavigate()
  const { failed } = useFeedback()
  const [dialog, setDialog] = useState<'password' | 'totp' | 'security'>()
  const choice = useThemeChoice()
  const signOut = async () => {
    try {
      await api('auth.staffSignOut', {})
      forgetSession()
      void navigate('/sign-in', { replace: true })
    } catch (error) {
      failed(error)
    }
  }
  const items = [
    { key: 'who', type: 'group' as const, label: session.account },
    { key: 'password', label: t('account.changePassword'), onClick: () => setDialog('password') },
    {
      key: 'totp',
      label: session.totpEnabled ? t('account.totpAgain') : t('account.totp'),
      onClick: () => setDialog('totp'),
    },
    { key: 'security', label: t('security.title'), onClick: () => setDialog('security') },
    {
      key: 'theme',
      label: t('theme.title'),
      children: THEME_CHOICES.map((each) => ({
        key: `theme-${each}`,
        icon: each === choice ? <CheckOutlined /> : <span className="menu-blank" />,
        label: t(`theme.${each}`),
        onClick: () => chooseTheme(each),
      })),
    },
    {
      key: 'locale',
      label: t('locale.other'),
      onClick: () => switchLocale(locale() === 'zh' ? 'en' : 'zh'),
    },
    { type: 'divider' as const },
    { key: 'out', label: t('account.signOut'), danger: true, onClick: () => void signOut() },
  ]
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items }} placement="bottomRight">
        <Button type="text" icon={<UserOutlined />} aria-label={t('account.menu', { name: session.name })}>
          <span className="account-name">{session.name}</span>
        </Button>
      </Dropdown>
      <Suspense fallback={null}>
        {dialog === 'password' && <PasswordDialog onClose={() => setDialog(undefined)} />}
        {dialog === 'security' && <SecurityDialog onClose={() => setDialog(undefined)} />}
        {dialog === 'totp' && <TotpDialog onClose={() => setDialog(undefined)} />}
      </Suspense>
    </>
  )
}
