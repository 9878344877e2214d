import type { Field, Members } from './fields.ts'

const text = (label: string, max: number, required = false): Field => ({ kind: 'string', label, max, required })
const int = (label: string, min: number, required = false): Field => ({ kind: 'int', label, min, required })
const object = (label: string, members: Members, required = false): Field => ({
  kind: 'object',
  label,
  members,
  required,
})

const goodsDetail: Field = {
  kind: 'array',
  label: '单品列表',
  max: 6000,
  of: object('单品', {
    merchant_goods_id: text('商户侧商品编码', 32, true),
    wechatpay_goods_id: text('微信侧商品编码', 32),
    goods_name: text('商品名称', 256),
    quantity: int('商品数量', 1, true),
    unit_price: int('商品单价', 0, true),
  }),
}

const storeInfo = object('商户门店信息', {
  id: text('门店编号', 32),
  name: text('门店名称', 256),
  area_code: text('地区编码', 32),
  address: text('详细地址', 512),
})

const identity = object('实名支付信息', {
  type: text('证件类型', 64, true),
  number: text('证件号', 1024, true),
  name: text('证件姓名', 1024, true),
})

const limitPay: Field = { kind: 'array', label: '限制支付方式', max: 4, of: text('支付方式', 32, true) }

const common: Members = {
  appid: text('公众账号ID', 32, true),
  mchid: text('直连商户号', 32, true),
  description: text('商品描述', 127, true),
  out_trade_no: {
    kind: 'string',
    label: '商户订单号',
    required: true,
    min: 6,
    max: 32,
    pattern: /^[0-9A-Za-z_\-|*]+$/,
  },
  time_expire: text('交易结束时间', 64),
  attach: { kind: 'string', label: '商户数据包', min: 0, max: 128 },
  notify_url: { kind: 'string', label: '通知地址', required: true, max: 255, pattern: /^https?:\/\/[^?#]+$/ },
  goods_tag: { kind: 'string', label: '订单优惠标记', min: 0, max: 32 },
  limit_pay: limitPay,
  support_fapiao: { kind: 'bool', label: '电子发票入口开放标识' },
  amount: object(
    '订单金额信息',
    {
      total: { kind: 'int', label: '总金额', required: true, min: 1, max: 100_000_000_000 },
      currency: { kind: 'string', label: '货币类型', max: 16, oneOf: ['CNY'] },
    },
    true,
  ),
  detail: object('优惠功能', {
    cost_price: int('订单原价', 0),
    invoice_id: text('商品小票ID', 32),
    goods_detail: goodsDetail,
  }),
  settle_info: object('结算信息', { profit_sharing: { kind: 'bool', label: '是否指定分账' } }),
}

const scene = (required: boolean, more: Members = {}): Field =>
  object(
    '场景信息',
    {
      payer_client_ip: text('用户终端IP', 45, required),
      device_id: { kind: 'string', label: '商户端设备号', min: 0, max: 32 },
      store_info: storeInfo,
      ...more,
    },
    required,
  )

export const h5Info = object(
  'H5场景信息',
  {
    type: { kind: 'string', label: '场景类型', required: true, max: 32, oneOf: ['iOS', 'Android', 'Wap'] },
    app_name: text('应用名称', 64),
    app_url: text('网站URL', 128),
    bundle_id: text('iOS平台BundleID', 128),
    package_name: text('Android平台PackageName', 128),
  },
  true,
)

export const jsapiBody: Members = {
  ...common,
  payer: object('支付者', { openid: text('用户标识', 128, true), identity }, true),
  scene_info: scene(false),
}

export const nativeBody: Members = { ...common, payer: object('支付者', { identity }), scene_info: scene(false) }

export const h5Body: Members = {
  ...common,
  payer: object('支付者', { identity }),
  scene_info: scene(true, { h5_info: h5Info }),
}

export const closeBody: Members = { mchid: text('直连商户号', 32, true) }

/** A partner's order names four parties, and whose openid pays. */
const ofPartner = ({ appid: _appid, mchid: _mchid, ...members }: Members): Members => ({
  sp_appid: text('服务商应用ID', 32, true),
  sp_mchid: text('服务商户号', 32, true),
  sub_appid: text('子商户应用ID', 32),
  sub_mchid: text('子商户号', 32, true),
  ...members,
})
export const partnerJsapiBody: Members = {
  ...ofPartner(jsapiBody),
  payer: object(
    '支付者',
    { sp_openid: text('用户服务标识', 128), sub_openid: text('用户子标识', 128), identity },
    true,
  ),
}
export const partnerNativeBody = ofPartner(nativeBody)
export const partnerH5Body = ofPartner(h5Body)
export const partnerCloseBody: Members = {
  sp_mchid: text('服务商户号', 32, true),
  sub_mchid: text('子商户号', 32, true),
}

export const refundBody: Members = {
  sub_mchid: text('子商户号', 32),
  transaction_id: text('微信支付订单号', 32),
  out_trade_no: text('商户订单号', 32),
  out_refund_no: { kind: 'string', label: '商户退款单号', required: true, max: 64, pattern: /^[0-9A-Za-z_\-|*@]+$/ },
  reason: text('退款原因', 80),
  notify_url: { kind: 'string', label: '退款结果回调url', min: 8, max: 256, pattern: /^https?:\/\/[^?#]+$/ },
  funds_account: { kind: 'string', label: '退款资金来源', max: 32, oneOf: ['AVAILABLE', 'UNSETTLED'] },
  amount: object(
    '金额信息',
    {
      refund: int('退款金额', 1, true),
      total: int('原订单金额', 1, true),
      currency: { kind: 'string', label: '退款币种', required: true, max: 16, oneOf: ['CNY'] },
      from: {
        kind: 'array',
        label: '退款出资账户及金额',
        max: 10,
        of: object('出资账户', {
          account: {
            kind: 'string',
            label: '出资账户类型',
            required: true,
            max: 32,
            oneOf: ['AVAILABLE', 'UNAVAILABLE'],
          },
          amount: int('出资金额', 1, true),
        }),
      },
    },
    true,
  ),
  goods_detail: {
    kind: 'array',
    label: '退款商品',
    max: 6000,
    of: object('商品', {
      merchant_goods_id: text('商户侧商品编码', 32, true),
      wechatpay_goods_id: text('微信侧商品编码', 32),
      goods_name: text('商品名称', 256),
      unit_price: int('商品单价', 0, true),
      refund_amount: int('商品退款金额', 0, true),
      refund_quantity: int('商品退货数量', 1, true),
    }),
  },
}
