import { type Permission, SHOP_PERMISSIONS } from '@zhanggui/contract'

/** The roles every shop begins with. The first is the owner's. */
export const BUILT_IN_ROLES: readonly { name: string; description: string; permissions: readonly Permission[] }[] = [
  { name: '店主', description: '拥有店铺的全部权限', permissions: SHOP_PERMISSIONS },
  {
    name: '运营',
    description: '管理商品、库存和订单，查看数据',
    permissions: [
      'catalog.read',
      'catalog.write',
      'stock.read',
      'stock.write',
      'orders.read',
      'orders.write',
      'reviews.read',
      'reviews.write',
      'customers.read',
      'customers.write',
      'analytics.read',
      'pages.read',
      'pages.write',
      'settings.read',
    ],
  },
  {
    name: '仓库',
    description: '出入库、盘点、发货',
    permissions: [
      'catalog.read',
      'stock.read',
      'stock.write',
      'orders.read',
      'orders.ship',
      'orders.pick-up',
      'customers.read',
      'customers.personal-data',
    ],
  },
  {
    name: '客服',
    description: '查看订单、备注、退款',
    permissions: [
      'catalog.read',
      'stock.read',
      'orders.read',
      'orders.write',
      'orders.refund',
      'reviews.read',
      'reviews.write',
      'customers.read',
      'customers.write',
      'customers.personal-data',
    ],
  },
  {
    name: '只读',
    description: '只能查看，不能修改',
    permissions: ['catalog.read', 'stock.read', 'orders.read', 'reviews.read', 'customers.read', 'analytics.read'],
  },
]

export const PLATFORM_ROLE = {
  name: '平台管理员',
  description: '管理平台与所有店铺的开设',
  permissions: ['platform.shops', 'platform.settings', 'platform.money'] as const satisfies Permission[],
}
