/** What a member of staff may do, by area. A role is a set of these; the console explains each. */
export const PERMISSIONS = {
  'catalog.read': { zh: '查看商品', en: 'See products' },
  'catalog.write': { zh: '编辑、上下架、导入商品', en: 'Edit, publish and import products' },
  'stock.read': { zh: '查看库存与出入库', en: 'See stock and movements' },
  'stock.write': { zh: '入库、出库、盘点、调拨', en: 'Receive, issue, count and transfer stock' },
  'orders.read': { zh: '查看订单', en: 'See orders' },
  'orders.write': { zh: '取消订单、备注', en: 'Cancel orders and write notes' },
  'orders.ship': { zh: '发货', en: 'Ship orders' },
  'orders.pick-up': { zh: '自提核销', en: 'Hand over at pick-up points' },
  'orders.refund': { zh: '退款', en: 'Refund orders' },
  'reviews.read': { zh: '查看评价', en: 'See reviews' },
  'reviews.write': { zh: '审核、回复、置顶评价', en: 'Moderate, answer and pin reviews' },
  'customers.personal-data': { zh: '查看完整手机号与地址', en: 'See unmasked phone numbers and addresses' },
  'pages.read': { zh: '查看店铺装修', en: 'See designed pages' },
  'pages.write': { zh: '装修、发布页面', en: 'Design and publish pages' },
  'settings.read': { zh: '查看设置', en: 'See settings' },
  'settings.write': { zh: '修改设置、运费模板', en: 'Change settings and freight templates' },
  'staff.read': { zh: '查看员工与角色', en: 'See staff and roles' },
  'staff.write': { zh: '管理员工与角色', en: 'Manage staff and roles' },
  'audit.read': { zh: '查看操作日志', en: 'See the audit log' },
  'analytics.read': { zh: '查看概览与数据', en: 'See the overview and analytics' },
  'platform.shops': { zh: '平台：管理店铺', en: 'Platform: manage shops' },
  'platform.settings': { zh: '平台：修改平台设置', en: 'Platform: change platform settings' },
} as const satisfies Record<string, { zh: string; en: string }>

export type Permission = keyof typeof PERMISSIONS

export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as Permission[]
export const SHOP_PERMISSIONS = ALL_PERMISSIONS.filter((permission) => !permission.startsWith('platform.'))
