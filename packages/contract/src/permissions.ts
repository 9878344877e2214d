interface PermissionWords {
  zh: string
  en: string
  /** What somebody can do with it, in a sentence. */
  help: { zh: string; en: string }
  /** Why it is not for everybody. */
  danger?: { zh: string; en: string }
  /** Others that are needed to make use of it, beside reading the same area. */
  needs?: readonly string[]
}

/** What a member of staff may do, by area. A role is a set of these; the console explains each. */
export const PERMISSIONS = {
  'catalog.read': {
    zh: '查看商品',
    en: 'See products',
    help: {
      zh: '浏览商品、价格、分类、标签和完整度',
      en: 'Browse products, prices, categories, tags and completeness',
    },
  },
  'catalog.write': {
    zh: '编辑、上下架、导入商品',
    en: 'Edit, publish and import products',
    help: { zh: '改商品和价格，批量编辑、导入、回收站', en: 'Change goods and prices, in bulk, by import, in the bin' },
    danger: { zh: '能改售价', en: 'Can change prices' },
  },
  'stock.read': {
    zh: '查看库存与出入库',
    en: 'See stock and movements',
    help: { zh: '各仓库的数量和每一次变动', en: 'Quantities by warehouse and every movement' },
    needs: ['catalog.read'],
  },
  'stock.write': {
    zh: '入库、出库、盘点、调拨',
    en: 'Receive, issue, count and transfer stock',
    help: { zh: '改变库存数量，设置仓库和货位', en: 'Change quantities, warehouses and bins' },
    needs: ['catalog.read'],
  },
  'orders.read': {
    zh: '查看订单',
    en: 'See orders',
    help: { zh: '订单、包裹、异常、会员；手机号和地址打码', en: 'Orders, parcels, exceptions, members; masked' },
  },
  'orders.write': {
    zh: '取消订单、备注',
    en: 'Cancel orders and write notes',
    help: { zh: '取消、备注、处理异常、调整会员等级', en: 'Cancel, note, settle exceptions, set member levels' },
  },
  'orders.ship': {
    zh: '发货',
    en: 'Ship orders',
    help: { zh: '拣货、打单、发货、拆合包裹', en: 'Pick, print, ship, split and merge parcels' },
    needs: ['stock.read'],
  },
  'orders.pick-up': {
    zh: '自提核销',
    en: 'Hand over at pick-up points',
    help: { zh: '凭提货码把货交给买家', en: 'Hand goods over by code' },
  },
  'orders.refund': {
    zh: '退款',
    en: 'Refund orders',
    help: { zh: '把钱退给买家', en: 'Give money back to buyers' },
    danger: { zh: '钱会真的退出去', en: 'Money really leaves' },
  },
  'reviews.read': {
    zh: '查看评价',
    en: 'See reviews',
    help: { zh: '评价、追评和好评率', en: 'Reviews, additions and scores' },
  },
  'reviews.write': {
    zh: '审核、回复、置顶评价',
    en: 'Moderate, answer and pin reviews',
    help: { zh: '决定哪些评价展示，并以店铺名义回复', en: 'Decide what is shown and answer for the shop' },
  },
  'customers.read': {
    zh: '查看买家',
    en: 'See buyers',
    help: { zh: '买家列表、主页和动态；手机号和地址打码', en: 'The list of buyers, their pages and timelines; masked' },
  },
  'customers.write': {
    zh: '写买家备注',
    en: 'Write notes about buyers',
    help: { zh: '在买家主页写只有员工看得到的备注', en: 'Notes on a buyer’s page that only staff see' },
  },
  'customers.personal-data': {
    zh: '查看完整手机号与地址',
    en: 'See unmasked phone numbers and addresses',
    help: { zh: '在订单里看完整信息，导出也可包含', en: 'In full in orders, and in exports' },
    danger: { zh: '涉及买家隐私', en: 'Personal data of buyers' },
    needs: ['orders.read'],
  },
  'parties.read': {
    zh: '查看合作方与合约',
    en: 'See parties and contracts',
    help: {
      zh: '达人、机构、供货商和平台，以及分成合约；账号和证件打码',
      en: 'Creators, agencies, suppliers and their contracts; masked',
    },
  },
  'parties.write': {
    zh: '管理合作方与合约',
    en: 'Manage parties and contracts',
    help: {
      zh: '添加合作方、改收款账户，签订、暂停、终止分成合约',
      en: 'Add parties, set where they are paid, sign and end contracts',
    },
    danger: { zh: '决定货款分给谁、分多少', en: 'Decides who gets how much of what is sold' },
  },
  'pages.read': {
    zh: '查看店铺装修',
    en: 'See designed pages',
    help: { zh: '查看页面、草稿和历史版本', en: 'Pages, drafts and versions' },
  },
  'pages.write': {
    zh: '装修、发布页面',
    en: 'Design and publish pages',
    help: { zh: '改首页和活动页，买家马上看到', en: 'Change what buyers see first' },
    needs: ['catalog.read'],
  },
  'settings.read': {
    zh: '查看设置',
    en: 'See settings',
    help: { zh: '店铺规则、运费、自提点、渠道账号', en: 'Rules, freight, pick-up points, channel accounts' },
  },
  'settings.write': {
    zh: '修改设置、运费模板',
    en: 'Change settings and freight templates',
    help: { zh: '改店铺规则、运费、自提点、渠道账号和密钥', en: 'Change rules, freight, points, accounts and keys' },
    danger: { zh: '影响全店的规则', en: 'Rules of the whole shop' },
  },
  'staff.read': {
    zh: '查看员工与角色',
    en: 'See staff and roles',
    help: { zh: '谁在店里、能做什么', en: 'Who works here and what they may do' },
  },
  'staff.write': {
    zh: '管理员工与角色',
    en: 'Manage staff and roles',
    help: { zh: '加员工、改角色、停用、重置密码', en: 'Add staff, change roles, disable, reset passwords' },
    danger: { zh: '能决定别人的权限', en: 'Decides what others may do' },
  },
  'audit.read': {
    zh: '查看操作日志',
    en: 'See the audit log',
    help: { zh: '谁在什么时候改了什么', en: 'Who changed what and when' },
  },
  'analytics.read': {
    zh: '查看概览与数据',
    en: 'See the overview and analytics',
    help: { zh: '成交、访客、趋势和报表', en: 'Sales, visitors, trends and reports' },
  },
  'money.read': {
    zh: '查看资金与结算',
    en: 'See money and settlement',
    help: {
      zh: '余额、支付、退款、结算单、冻结、提现、保证金',
      en: 'Balances, payments, refunds, statements, freezes',
    },
  },
  'money.write': {
    zh: '提现、保证金、登记收款',
    en: 'Withdraw, deposit and record money',
    help: {
      zh: '申请提现、交退保证金、登记个人收款码收款、补充冻结材料',
      en: 'Withdraw, pay and take deposits, record personal-code money, hand in documents',
    },
    danger: { zh: '钱会真的转出去', en: 'Money really leaves' },
  },
  'platform.shops': {
    zh: '平台：管理店铺',
    en: 'Platform: manage shops',
    help: { zh: '开设和查看所有店铺', en: 'Open and see all shops' },
  },
  'platform.settings': {
    zh: '平台：修改平台设置',
    en: 'Platform: change platform settings',
    help: { zh: '改对所有店铺生效的默认值', en: 'Defaults of all shops' },
  },
  'platform.money': {
    zh: '平台：结算、冻结与保证金',
    en: 'Platform: settlement, freezes and deposits',
    help: {
      zh: '定商家等级和周期，冻结、解冻资金，扣保证金',
      en: 'Levels and cycles, freezes, deductions from deposits',
    },
    danger: { zh: '能冻结商家的钱', en: 'Can freeze a shop’s money' },
  },
} as const satisfies Record<string, PermissionWords>

export type Permission = keyof typeof PERMISSIONS

export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as Permission[]
export const SHOP_PERMISSIONS = ALL_PERMISSIONS.filter((permission) => !permission.startsWith('platform.'))

/** The words of a permission with what is optional in them. */
export const permissionWords = (permission: Permission): PermissionWords => PERMISSIONS[permission]

/** What a permission is of no use without: reading its own area, and whatever else it names. */
export function neededBy(permission: Permission): Permission[] {
  const reading = `${permission.split('.')[0]}.read`
  const own = ALL_PERMISSIONS.filter((each) => each === reading && each !== permission)
  return [...own, ...((permissionWords(permission).needs ?? []) as Permission[])]
}
