import { ORDER_STATES } from '@zhanggui/contract'
import { formatYuan } from '@zhanggui/contract/money'
import type { BuyerPart, CopySection } from '../../kernel/buyer-part.ts'
import type { Vault } from '../../kernel/crypto.ts'
import { addressContext } from './prepare-orders.ts'
import {
  type CopiedOrder,
  cartToCopy,
  eraseOrders,
  openOrderNos,
  orderKeysOf,
  orderMoments,
  ordersToCopy,
} from './store-buyers.ts'

const MOST_NAMED = 10
const GONE = { name: '已注销', phone: '', street: '', detail: '' }

/** A buyer's orders and cart. Orders stay for the books and the tax office, without who received them. */
export function ordersBuyerPart(vault: Vault): BuyerPart {
  return {
    moments: [{ kind: 'order', permission: 'orders.read', read: orderMoments }],
    copy: async (tx, buyerId): Promise<CopySection[]> => [
      {
        name: 'orders',
        title: '订单',
        columns: {
          ...{
            orderNo: '订单号',
            state: '状态',
            goods: '商品',
            total: '应付（元）',
            paid: '已付（元）',
            refunded: '已退（元）',
          },
          ...{
            receiver: '收货人',
            phone: '手机号',
            address: '收货地址',
            note: '留言',
            placedAt: '下单时间',
            paidAt: '付款时间',
          },
        },
        rows: (await ordersToCopy(tx, buyerId)).map((order) => copied(vault, order)),
      },
      {
        name: 'cart',
        title: '购物车',
        columns: { skuId: '规格编号', quantity: '数量', addedAt: '加入时间' },
        rows: await cartToCopy(tx, buyerId),
      },
    ],
    blockers: async (tx, buyerId) =>
      (await openOrderNos(tx, buyerId, MOST_NAMED)).map(
        ({ orderNo, state }) => `订单 ${orderNo} ${ORDER_STATES[state].zh}，${WHAT_TO_DO[state]}`,
      ),
    erase: async (tx, buyerId) => {
      const orders = (await orderKeysOf(tx, buyerId)).map((key) => ({
        ...key,
        addressSealed: vault.encrypt(JSON.stringify(GONE), addressContext(key.shopId, key.id)),
      }))
      await eraseOrders(tx, buyerId, { orders, receiver: GONE.name })
    },
  }
}

const WHAT_TO_DO = {
  'awaiting-payment': '请先付款或取消',
  'awaiting-shipment': '请等收到货，或先申请退款',
  shipped: '请先确认收货',
  refunding: '请等退款完成',
}

function copied(vault: Vault, order: CopiedOrder): Record<string, unknown> {
  const { shopId, id, orderNo, state, goods, placedAt, paidAt, buyerNote, province, city, district } = order
  const sealed = JSON.parse(vault.decrypt(order.addressSealed, addressContext(shopId, id))) as typeof GONE
  return {
    ...{
      orderNo,
      state: ORDER_STATES[state as keyof typeof ORDER_STATES].zh,
      goods,
      placedAt,
      paidAt,
      note: buyerNote,
    },
    total: formatYuan(order.totalFen),
    paid: formatYuan(order.paidFen),
    refunded: formatYuan(order.refundedFen),
    receiver: sealed.name,
    phone: sealed.phone,
    address: [province, city, district, sealed.street, sealed.detail].join(''),
  }
}
