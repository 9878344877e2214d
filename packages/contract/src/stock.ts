import { z } from 'zod'
import { Id, Instant, optionalText, PageQuery, page, ShopParams, shopParams, text } from './common.ts'
import { routes } from './route.ts'

export const Warehouse = z
  .object({
    id: Id,
    code: z.string(),
    name: z.string(),
    /** central 中心仓 or front 前置仓. */
    kind: z.enum(['central', 'front']),
    region: z.string(),
    active: z.boolean(),
    /** Orders are served from the lowest number first. */
    priority: z.int(),
    skuCount: z.int(),
    units: z.int(),
  })
  .meta({ id: 'Warehouse' })
export type Warehouse = z.infer<typeof Warehouse>

const WarehouseInput = z.object({
  code: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{1,20}$/),
  name: text(40),
  kind: z.enum(['central', 'front']),
  region: optionalText(60),
  active: z.boolean().default(true),
  priority: z.int().min(0).max(999).default(100),
})

/** Why stock moved. The sign of the quantity says which way. */
export const MOVEMENT_REASONS = {
  purchase: { zh: '采购入库', en: 'Purchase received' },
  return: { zh: '退货入库', en: 'Customer return' },
  count: { zh: '盘点', en: 'Stock count' },
  damage: { zh: '报损', en: 'Damaged' },
  gift: { zh: '赠送、领用', en: 'Given away' },
  transfer: { zh: '调拨', en: 'Transfer' },
  import: { zh: '导入', en: 'Import' },
  sale: { zh: '销售出库', en: 'Sold' },
  reserve: { zh: '下单占用', en: 'Reserved by an order' },
  release: { zh: '取消占用', en: 'Reservation released' },
  correction: { zh: '更正', en: 'Correction' },
} as const
export type MovementReason = keyof typeof MOVEMENT_REASONS
const Reason = z.enum(Object.keys(MOVEMENT_REASONS) as [MovementReason, ...MovementReason[]])

export const StockRow = z
  .object({
    skuId: Id,
    skuCode: z.string(),
    productId: Id,
    title: z.string(),
    options: z.string(),
    /** For sale. */
    available: z.int(),
    /** Held by unpaid orders. */
    reserved: z.int(),
    /** Physically there and sold, waiting to be shipped. */
    committed: z.int(),
    byWarehouse: z.array(z.object({ warehouseId: Id, available: z.int(), reserved: z.int(), committed: z.int() })),
  })
  .meta({ id: 'StockRow' })
export type StockRow = z.infer<typeof StockRow>

const STOCK_ORDERS = ['code', 'title', 'available', 'reserved', 'committed'] as const
export const StockSort = z.enum([...STOCK_ORDERS, ...STOCK_ORDERS.map((name) => `-${name}` as const)])
export type StockSort = z.infer<typeof StockSort>

export const Movement = z
  .object({
    id: Id,
    at: Instant,
    skuId: Id,
    skuCode: z.string(),
    title: z.string(),
    warehouseId: Id,
    warehouseName: z.string(),
    reason: Reason,
    /** Positive into the warehouse's available stock, negative out of it. */
    quantity: z.int(),
    note: z.string(),
    actorName: z.string(),
    orderId: Id.nullable(),
    orderNo: z.string().nullable(),
  })
  .meta({ id: 'Movement' })
export type Movement = z.infer<typeof Movement>

export const stockRoutes = routes({
  'console.warehouses': {
    method: 'GET',
    path: '/api/console/shops/:shopId/warehouses',
    summary: 'Warehouses with what they hold',
    access: { audience: 'staff', permission: 'stock.read' },
    params: ShopParams,
    response: z.object({ items: z.array(Warehouse).max(200) }),
  },
  'console.createWarehouse': {
    method: 'POST',
    path: '/api/console/shops/:shopId/warehouses',
    summary: 'Add a warehouse',
    access: { audience: 'staff', permission: 'stock.write' },
    params: ShopParams,
    body: WarehouseInput,
    response: Warehouse,
    errors: ['DUPLICATE'],
  },
  'console.updateWarehouse': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/warehouses/:warehouseId',
    summary: 'Change a warehouse; one that holds stock cannot be closed',
    access: { audience: 'staff', permission: 'stock.write' },
    params: shopParams({ warehouseId: Id }),
    body: WarehouseInput,
    response: Warehouse,
    errors: ['DUPLICATE', 'WAREHOUSE_NOT_EMPTY'],
  },
  'console.stock': {
    method: 'GET',
    path: '/api/console/shops/:shopId/stock',
    summary: 'Stock of each SKU by warehouse',
    access: { audience: 'staff', permission: 'stock.read' },
    params: ShopParams,
    query: PageQuery.extend({
      q: z.string().trim().max(60).optional(),
      warehouseId: Id.optional(),
      below: z.coerce.number().int().min(0).max(1_000_000).optional(),
      /** On sale, and low by the shop's own setting, but not sold out. */
      low: z.stringbool().optional(),
      /** A minus before the name turns the order round. */
      sort: StockSort.default('code'),
    }),
    response: page(StockRow),
    errors: ['INVALID_CURSOR'],
  },
  'console.adjustStock': {
    method: 'POST',
    path: '/api/console/shops/:shopId/stock/adjust',
    summary: 'Receive, issue or count stock: several SKUs in one warehouse, all or none',
    access: { audience: 'staff', permission: 'stock.write' },
    stepUpAbove: 'adjustment',
    params: ShopParams,
    idempotent: true,
    body: z.object({
      warehouseId: Id,
      reason: z.enum(['purchase', 'return', 'count', 'damage', 'gift', 'correction']),
      note: optionalText(200),
      lines: z
        .array(
          z.object({
            skuId: Id,
            /** For `count`, the number found on the shelf and free to sell; otherwise the change, signed. */
            quantity: z.int().min(-1_000_000).max(1_000_000),
          }),
        )
        .min(1)
        .max(200),
    }),
    response: z.object({ movements: z.array(Movement) }),
    errors: ['OUT_OF_STOCK', 'NOT_FOUND'],
  },
  'console.transferStock': {
    method: 'POST',
    path: '/api/console/shops/:shopId/stock/transfer',
    summary: 'Move stock between warehouses, all lines or none',
    access: { audience: 'staff', permission: 'stock.write' },
    params: ShopParams,
    idempotent: true,
    body: z.object({
      fromWarehouseId: Id,
      toWarehouseId: Id,
      note: optionalText(200),
      lines: z
        .array(z.object({ skuId: Id, quantity: z.int().min(1).max(1_000_000) }))
        .min(1)
        .max(200),
    }),
    response: z.object({ movements: z.array(Movement) }),
    errors: ['OUT_OF_STOCK', 'NOT_FOUND'],
  },
  'console.movements': {
    method: 'GET',
    path: '/api/console/shops/:shopId/stock/movements',
    summary: 'Every movement, newest first',
    access: { audience: 'staff', permission: 'stock.read' },
    params: ShopParams,
    query: PageQuery.extend({ skuId: Id.optional(), warehouseId: Id.optional(), reason: Reason.optional() }),
    response: page(Movement),
  },
})
