import {
  AccountBookOutlined,
  AppstoreOutlined,
  AuditOutlined,
  BankOutlined,
  BgColorsOutlined,
  BookOutlined,
  BranchesOutlined,
  CalculatorOutlined,
  CarOutlined,
  CheckCircleOutlined,
  ClusterOutlined,
  ContactsOutlined,
  CrownOutlined,
  DatabaseOutlined,
  DeleteOutlined,
  DiffOutlined,
  EditOutlined,
  EnvironmentOutlined,
  ExportOutlined,
  FieldTimeOutlined,
  FileExcelOutlined,
  FileProtectOutlined,
  FileTextOutlined,
  ForkOutlined,
  HomeOutlined,
  ImportOutlined,
  InboxOutlined,
  LayoutOutlined,
  LockOutlined,
  MessageOutlined,
  PartitionOutlined,
  PayCircleOutlined,
  PieChartOutlined,
  ProfileOutlined,
  QrcodeOutlined,
  ReconciliationOutlined,
  RollbackOutlined,
  SafetyCertificateOutlined,
  ScanOutlined,
  SearchOutlined,
  SettingOutlined,
  ShopOutlined,
  SolutionOutlined,
  StarOutlined,
  SwapOutlined,
  TagOutlined,
  TagsOutlined,
  TeamOutlined,
  ThunderboltOutlined,
  TruckOutlined,
  UserOutlined,
  WalletOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import type { Permission, StaffSession } from '@zhanggui/contract'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import type { PaletteAction } from './palette-items.ts'
import { lastShop } from './session.tsx'

export interface Place {
  /** Behind `/s/<shop>/`, or from the root for platform places. */
  path: string
  label: string
  icon: ReactNode
  /** Null: for every member. */
  permission: Permission | null
}

export interface PlaceGroup {
  key: string
  label: string
  places: Place[]
}

const place = (path: string, label: string, icon: ReactNode, permission: Permission | null): Place => ({
  path,
  label,
  icon,
  permission,
})

/** Whether somebody with these permissions may go there. */
export const mayGo = ({ permission }: Pick<Place, 'permission'>, held: readonly string[]): boolean =>
  permission === null || held.includes(permission)

/** The navigation inside a shop. */
export const shopPlaces = (): PlaceGroup[] => [
  { key: 'home', label: '', places: [place('overview', t('nav.overview'), <HomeOutlined />, 'analytics.read')] },
  {
    key: 'goods',
    label: t('nav.goods'),
    places: [
      place('products', t('nav.products'), <AppstoreOutlined />, 'catalog.read'),
      place('categories', t('nav.categories'), <PartitionOutlined />, 'catalog.read'),
      place('tags', t('nav.tags'), <TagOutlined />, 'catalog.read'),
      place('completeness', t('nav.completeness'), <CheckCircleOutlined />, 'catalog.read'),
      place('product-roles', t('nav.productRoles'), <PieChartOutlined />, 'analytics.read'),
      place('price-rules', t('nav.prices'), <TagsOutlined />, 'catalog.read'),
      place('buyers', t('nav.buyers'), <UserOutlined />, 'customers.read'),
      place('members', t('nav.members'), <CrownOutlined />, 'catalog.read'),
      place('search-settings', t('nav.searchSettings'), <SearchOutlined />, 'catalog.read'),
      place('imports', t('nav.imports'), <ImportOutlined />, 'catalog.read'),
      place('bulk-edits', t('nav.bulkEdits'), <EditOutlined />, 'catalog.read'),
      place('recycle-bin', t('nav.recycle'), <DeleteOutlined />, 'catalog.read'),
    ],
  },
  {
    key: 'stock',
    label: t('nav.stockGroup'),
    places: [
      place('stock', t('nav.stock'), <InboxOutlined />, 'stock.read'),
      place('movements', t('nav.movements'), <SwapOutlined />, 'stock.read'),
      place('warehouses', t('nav.warehouses'), <DatabaseOutlined />, 'stock.read'),
    ],
  },
  {
    key: 'trade',
    label: t('nav.trade'),
    places: [
      place('orders', t('nav.orders'), <FileTextOutlined />, 'orders.read'),
      place('waves', t('nav.waves'), <ProfileOutlined />, 'orders.read'),
      place('scan', t('nav.scan'), <ScanOutlined />, 'orders.ship'),
      place('ship-files', t('nav.shipFiles'), <FileExcelOutlined />, 'orders.ship'),
      place('shipments', t('nav.shipments'), <TruckOutlined />, 'orders.read'),
      place('exceptions', t('nav.exceptions'), <WarningOutlined />, 'orders.read'),
      place('aftersale', t('nav.aftersale'), <RollbackOutlined />, 'orders.read'),
      place('local', t('nav.local'), <EnvironmentOutlined />, 'orders.read'),
      place('pick-up', t('nav.pickUp'), <ScanOutlined />, 'orders.pick-up'),
      place('messages', t('nav.messages'), <MessageOutlined />, 'orders.read'),
      place('reviews', t('nav.reviews'), <StarOutlined />, 'reviews.read'),
    ],
  },
  {
    key: 'money',
    label: t('nav.moneyGroup'),
    places: [
      place('money', t('nav.balances'), <WalletOutlined />, 'money.read'),
      place('payments', t('nav.payments'), <PayCircleOutlined />, 'money.read'),
      place('refunds', t('nav.refunds'), <RollbackOutlined />, 'money.read'),
      place('personal-payments', t('nav.personalPayments'), <QrcodeOutlined />, 'money.read'),
      place('personal-codes', t('nav.personalCodes'), <ScanOutlined />, 'money.read'),
      place('settlement-items', t('nav.settlementItems'), <FieldTimeOutlined />, 'money.read'),
      place('statements', t('nav.statements'), <ReconciliationOutlined />, 'money.read'),
      place('invoices', t('nav.invoices'), <AccountBookOutlined />, 'money.read'),
      place('books', t('nav.books'), <CalculatorOutlined />, 'money.read'),
      place('reconciliation', t('nav.reconciliation'), <AuditOutlined />, 'money.read'),
      place('ledger', t('nav.ledger'), <BookOutlined />, 'money.read'),
      place('differences', t('nav.differences'), <DiffOutlined />, 'money.read'),
      place('withdrawals', t('nav.withdrawals'), <ExportOutlined />, 'money.read'),
      place('freezes', t('nav.freezes'), <LockOutlined />, 'money.read'),
      place('deposits', t('nav.deposits'), <BankOutlined />, 'money.read'),
    ],
  },
  {
    key: 'partners',
    label: t('nav.partners'),
    places: [
      place('parties', t('nav.parties'), <SolutionOutlined />, 'parties.read'),
      place('contracts', t('nav.contracts'), <FileProtectOutlined />, 'parties.read'),
      place('shares', t('nav.shares'), <ForkOutlined />, 'money.read'),
    ],
  },
  {
    key: 'shop',
    label: t('nav.shop'),
    places: [
      place('pages', t('nav.pages'), <LayoutOutlined />, 'pages.read'),
      place('look', t('nav.look'), <BgColorsOutlined />, 'settings.read'),
      place('settings', t('nav.settings'), <SettingOutlined />, 'settings.read'),
      place('routing', t('nav.routing'), <BranchesOutlined />, 'orders.read'),
      place('freight', t('nav.freight'), <CarOutlined />, 'settings.read'),
      place('delivery', t('nav.delivery'), <ThunderboltOutlined />, 'settings.read'),
      place('aftersale-settings', t('nav.aftersaleSettings'), <RollbackOutlined />, 'settings.read'),
      place('legal', t('nav.legal'), <SafetyCertificateOutlined />, 'settings.read'),
      place('accounts', t('nav.accounts'), <ContactsOutlined />, 'settings.read'),
      place('staff', t('nav.staff'), <TeamOutlined />, 'staff.read'),
      place('roles', t('nav.roles'), <SafetyCertificateOutlined />, 'staff.read'),
      place('approvals', t('nav.approvals'), <FileProtectOutlined />, null),
      place('audit', t('nav.audit'), <AuditOutlined />, 'audit.read'),
    ],
  },
]

/** What the search offers to do. */
export const shopActions = (): PaletteAction[] => [
  { title: t('palette.newProduct'), to: 'products/new', permission: 'catalog.write' },
  { title: t('palette.import'), to: 'imports', permission: 'catalog.write' },
  { title: t('palette.toShip'), to: 'orders?state=awaiting-shipment&sort=placed', permission: 'orders.ship' },
  { title: t('palette.lowStock'), to: 'stock?low=true', permission: 'stock.read' },
]

/** The navigation of the platform's own staff. */
export const platformPlaces = (): PlaceGroup => ({
  key: 'platform',
  label: t('nav.platform'),
  places: [
    place('/platform/shops', t('nav.shops'), <ShopOutlined />, 'platform.shops'),
    place('/platform/aftersale', t('nav.disputes'), <RollbackOutlined />, 'platform.shops'),
    place('/platform/merchants', t('nav.merchants'), <BankOutlined />, 'platform.money'),
    place('/platform/freezes', t('nav.platformFreezes'), <LockOutlined />, 'platform.money'),
    place('/platform/settings', t('nav.platformSettings'), <ClusterOutlined />, 'platform.settings'),
  ],
})

/** The first screen of a shop that one may see. */
export function shopHome(shop: { slug: string; permissions: readonly string[] }): string {
  const first = shopPlaces()
    .flatMap((group) => group.places)
    .find((each) => mayGo(each, shop.permissions))
  return first ? `/s/${shop.slug}/${first.path}` : '/no-shop'
}

/** Where to go after signing in: the shop of last time, else the first, else the platform's pages. */
export function homePath(session: StaffSession): string {
  const last = lastShop()
  const shop = session.shops.find((each) => each.slug === last) ?? session.shops[0]
  if (shop) return shopHome(shop)
  const first = platformPlaces().places.find((each) => mayGo(each, session.platformPermissions))
  return first?.path ?? '/no-shop'
}
