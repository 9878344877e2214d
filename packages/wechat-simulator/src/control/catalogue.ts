import { CALL_FAULTS, NOTICE_FAULTS, RESULT_FAULTS } from '../faults.ts'

export interface Refusal {
  status: number
  code: string
  message: string
}

/** What any call may be refused with (facts §1.15). */
const ANYWHERE: Refusal[] = [
  { status: 400, code: 'PARAM_ERROR', message: '参数错误' },
  { status: 400, code: 'INVALID_REQUEST', message: '请求参数符合格式，但不符合业务规则' },
  { status: 401, code: 'SIGN_ERROR', message: '验证签名失败' },
  { status: 403, code: 'NO_AUTH', message: '商户无权限' },
  { status: 403, code: 'REQUEST_BLOCKED', message: '请求受阻' },
  { status: 429, code: 'FREQUENCY_LIMITED', message: '频率超限' },
  { status: 429, code: 'RATELIMIT_EXCEEDED', message: '请求超过频率限制' },
  { status: 500, code: 'SYSTEM_ERROR', message: '系统异常，请稍后重试' },
  { status: 502, code: 'SERVICE_UNAVAILABLE', message: '服务暂时不可用' },
  { status: 503, code: 'SERVICE_UNAVAILABLE', message: '服务暂时不可用' },
]
const ORDER_NOT_EXIST: Refusal = { status: 404, code: 'ORDER_NOT_EXIST', message: '订单不存在' }
const NOT_KNOWN: Refusal = { status: 404, code: 'RESOURCE_NOT_EXISTS', message: '记录不存在' }
const NOT_ENOUGH: Refusal = { status: 403, code: 'NOT_ENOUGH', message: '余额不足' }
const RULE_LIMIT: Refusal = { status: 403, code: 'RULE_LIMIT', message: '业务规则限制' }
const NO_STATEMENT: Refusal = { status: 400, code: 'NO_STATEMENT_EXIST', message: '账单文件不存在' }

/** Kinds of calls with what each is documented to be refused with beside `ANYWHERE`. */
const CALLS: Array<{ path: string; name: string; refusals: Refusal[] }> = [
  {
    path: '/v3/pay/',
    name: '下单、查单、关单',
    refusals: [
      { status: 400, code: 'APPID_MCHID_NOT_MATCH', message: 'AppID和mch_id不匹配' },
      { status: 400, code: 'MCH_NOT_EXISTS', message: '商户号不存在' },
      { status: 400, code: 'ORDER_CLOSED', message: '订单已关闭' },
      { status: 403, code: 'OUT_TRADE_NO_USED', message: '商户订单号重复' },
      { status: 403, code: 'ACCOUNT_ERROR', message: '账号异常' },
      { status: 403, code: 'TRADE_ERROR', message: '交易错误' },
      RULE_LIMIT,
      ORDER_NOT_EXIST,
      { status: 500, code: 'OPENID_MISMATCH', message: 'openid和appid不匹配' },
    ],
  },
  {
    path: '/v3/refund/',
    name: '退款',
    refusals: [
      NOT_ENOUGH,
      RULE_LIMIT,
      { status: 403, code: 'USER_ACCOUNT_ABNORMAL', message: '用户账户异常，退款失败' },
      { status: 404, code: 'MCH_NOT_EXISTS', message: '商户号不存在' },
      NOT_KNOWN,
    ],
  },
  { path: '/v3/profitsharing/orders', name: '分账', refusals: [NOT_ENOUGH, RULE_LIMIT, ORDER_NOT_EXIST, NOT_KNOWN] },
  { path: '/v3/profitsharing/return-orders', name: '分账回退', refusals: [NOT_ENOUGH, RULE_LIMIT, NOT_KNOWN] },
  { path: '/v3/profitsharing/receivers', name: '分账接收方', refusals: [RULE_LIMIT] },
  {
    path: '/v3/fund-app/mch-transfer/',
    name: '商家转账',
    refusals: [NOT_ENOUGH, { status: 404, code: 'NOT_FOUND', message: '记录不存在' }],
  },
  { path: '/v3/combine-transactions/', name: '合单', refusals: [ORDER_NOT_EXIST] },
  { path: '/v3/bill/', name: '账单', refusals: [NO_STATEMENT] },
  { path: '/v3/certificates', name: '平台证书', refusals: [NOT_KNOWN] },
]

/** Everything that can be played, for the page of faults and for tests that go through all of it. */
export const catalogue = () => ({
  kinds: { call: CALL_FAULTS, result: RESULT_FAULTS, notice: NOTICE_FAULTS },
  calls: CALLS.map((each) => ({ ...each, refusals: [...each.refusals, ...ANYWHERE] })),
  events: ['TRANSACTION', 'REFUND', 'MCHTRANSFER', 'PROFITSHARING'],
})
