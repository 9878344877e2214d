import { h5Info } from './body-schemas.ts'
import type { Field, Members } from './fields.ts'

const text = (label: string, max: number, required = false): Field => ({ kind: 'string', label, max, required })
const object = (label: string, members: Members, required = false): Field => ({
  kind: 'object',
  label,
  members,
  required,
})
const number = (label: string, max: number, pattern: RegExp): Field => ({
  kind: 'string',
  label,
  required: true,
  max,
  pattern,
})
const OUT_NO = /^[0-9A-Za-z_\-|*@]+$/
const type: Field = {
  kind: 'string',
  label: '分账接收方类型',
  required: true,
  max: 32,
  oneOf: ['MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID'],
}
const RELATIONS =
  'SERVICE_PROVIDER,STORE,STAFF,STORE_OWNER,PARTNER,HEADQUARTER,BRAND,DISTRIBUTOR,USER,SUPPLIER,CUSTOM'.split(',')
const parties: Members = {
  sub_mchid: text('特约商户号', 32),
  appid: text('公众账号ID', 32),
  sub_appid: text('特约商户公众账号ID', 32),
}

export const receiverBody: Members = {
  ...parties,
  appid: text('公众账号ID', 32, true),
  type,
  account: text('分账接收方账号', 64, true),
  name: text('分账个人接收方姓名', 1024),
  relation_type: { kind: 'string', label: '与分账方的关系类型', required: true, max: 32, oneOf: RELATIONS },
  custom_relation: text('自定义的分账关系', 10),
}

export const receiverKeyBody: Members = {
  ...parties,
  appid: text('公众账号ID', 32, true),
  type,
  account: text('分账接收方账号', 64, true),
}

export const splitBody: Members = {
  ...parties,
  transaction_id: text('微信订单号', 32, true),
  out_order_no: number('商户分账单号', 64, OUT_NO),
  receivers: {
    kind: 'array',
    label: '分账接收方列表',
    required: true,
    max: 50,
    of: object('分账接收方', {
      type,
      account: text('分账接收方账号', 64, true),
      name: text('分账个人接收方姓名', 1024),
      amount: { kind: 'int', label: '分账金额', required: true, min: 1 },
      description: text('分账描述', 80, true),
    }),
  },
  unfreeze_unsplit: { kind: 'bool', label: '是否解冻剩余未分资金', required: true },
}

export const unfreezeBody: Members = {
  sub_mchid: text('特约商户号', 32),
  transaction_id: text('微信订单号', 32, true),
  out_order_no: number('商户分账单号', 64, OUT_NO),
  description: text('分账描述', 80, true),
}

export const returnBody: Members = {
  sub_mchid: text('特约商户号', 32),
  order_id: text('微信分账单号', 64),
  out_order_no: text('商户分账单号', 64),
  out_return_no: number('商户回退单号', 64, OUT_NO),
  return_mchid: text('回退商户号', 32, true),
  amount: { kind: 'int', label: '回退金额', required: true, min: 1 },
  description: text('回退描述', 80, true),
}

export const transferBody: Members = {
  appid: text('商户AppID', 32, true),
  out_bill_no: number('商户单号', 32, /^[0-9A-Za-z]+$/),
  transfer_scene_id: {
    kind: 'string',
    label: '转账场景ID',
    required: true,
    max: 36,
    oneOf: ['1000', '1002', '1004', '1005', '1006', '1009', '1010', '1011', '1013'],
  },
  openid: text('收款用户OpenID', 64, true),
  user_name: text('收款用户姓名', 1024),
  transfer_amount: { kind: 'int', label: '转账金额', required: true, min: 10 },
  transfer_remark: text('转账备注', 32, true),
  notify_url: { kind: 'string', label: '通知地址', max: 256, pattern: /^https?:\/\/[^?#]+$/ },
  user_recv_perception: text('用户收款感知', 32),
  transfer_scene_report_infos: {
    kind: 'array',
    label: '转账场景报备信息',
    required: true,
    max: 10,
    of: object('报备信息', { info_type: text('信息类型', 15, true), info_content: text('信息内容', 32, true) }),
  },
  user_recv_style: object('收款样式', {
    type: { kind: 'string', label: '样式', required: true, max: 32, oneOf: ['CONFIRM_PAGE', 'RED_PACKET'] },
  }),
}

const outTradeNo = (label: string): Field => ({ ...number(label, 32, /^[0-9A-Za-z_\-|*]+$/), min: 6 }) as Field

const part = object('子单', {
  mchid: text('子单发起方商户号', 32, true),
  sub_mchid: text('二级商户号', 32),
  sub_appid: text('子商户应用ID', 32),
  out_trade_no: outTradeNo('子单商户订单号'),
  description: text('商品描述', 127, true),
  attach: text('附加数据', 128, true),
  detail: text('商品详情', 6000),
  goods_tag: text('订单优惠标记', 32),
  amount: object(
    '订单金额',
    {
      total_amount: { kind: 'int', label: '标价金额', required: true, min: 1, max: 1_000_000_000 },
      currency: { kind: 'string', label: '标价币种', required: true, max: 8, oneOf: ['CNY'] },
    },
    true,
  ),
  settle_info: object('结算信息', {
    profit_sharing: { kind: 'bool', label: '是否指定分账' },
    subsidy_amount: { kind: 'int', label: '补差金额', min: 0, max: 500_000 },
  }),
})

const combinedScene = (required: boolean, more: Members = {}): Field =>
  object(
    '场景信息',
    { device_id: text('商户端设备号', 16), payer_client_ip: text('用户终端IP', 45, true), ...more },
    required,
  )

const combined: Members = {
  combine_appid: text('合单商户AppID', 32, true),
  combine_mchid: text('合单发起方商户号', 32, true),
  combine_out_trade_no: outTradeNo('合单商户订单号'),
  scene_info: combinedScene(false),
  sub_orders: { kind: 'array', label: '子单信息', required: true, max: 50, of: part },
  combine_payer_info: object('支付者', { openid: text('用户标识', 128) }),
  time_start: text('交易起始时间', 64),
  time_expire: text('交易结束时间', 64),
  notify_url: { kind: 'string', label: '通知地址', required: true, max: 255, pattern: /^https?:\/\/[^?#]+$/ },
}

export const combinedNativeBody = combined
export const combinedJsapiBody: Members = {
  ...combined,
  combine_payer_info: object('支付者', { openid: text('用户标识', 128, true) }, true),
}
export const combinedH5Body: Members = { ...combined, scene_info: combinedScene(true, { h5_info: h5Info }) }

export const combinedCloseBody: Members = {
  combine_appid: text('合单商户AppID', 32, true),
  sub_orders: {
    kind: 'array',
    label: '子单信息',
    required: true,
    max: 50,
    of: object('子单', {
      mchid: text('子单发起方商户号', 32, true),
      out_trade_no: text('子单商户订单号', 32, true),
      sub_mchid: text('二级商户号', 32),
      sub_appid: text('子商户应用ID', 32),
    }),
  },
}
