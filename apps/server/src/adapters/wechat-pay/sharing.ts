import type { PayClient } from './client.ts'
import type {
  NewSplitReceiver,
  ProfitSharing,
  Split,
  SplitNotice,
  SplitReceiverResult,
  SplitReceiverType,
  SplitResult,
  SplitReturn,
  SplitState,
} from './port.ts'
import { asArray, asDate, asFen, asObject, asText, type Json, oneOf, textOr } from './shapes.ts'

const TYPES: SplitReceiverType[] = ['MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID']
const STATES: SplitState[] = ['PROCESSING', 'FINISHED']
const RESULTS: SplitResult[] = ['PENDING', 'SUCCESS', 'CLOSED']
const RETURN_RESULTS: SplitReturn['result'][] = ['PROCESSING', 'SUCCESS', 'FAILED']

function readReceiver(value: unknown): SplitReceiverResult {
  const json = asObject(value, 'a receiver')
  return {
    type: oneOf(json.type, TYPES, 'type'),
    account: asText(json.account, 'account'),
    amountFen: asFen(json.amount, 'amount'),
    description: textOr(json.description, ''),
    result: oneOf(json.result, RESULTS, 'result'),
    failReason: json.result === 'CLOSED' ? textOr(json.fail_reason, null) : null,
    detailId: textOr(json.detail_id, null),
    createdAt: asDate(json.create_time),
    finishedAt: json.result === 'PENDING' ? null : asDate(json.finish_time),
  }
}

function readSplit(value: unknown): Split {
  const json = asObject(value, 'the split')
  return {
    transactionId: asText(json.transaction_id, 'transaction_id'),
    outOrderNo: asText(json.out_order_no, 'out_order_no'),
    orderId: asText(json.order_id, 'order_id'),
    state: oneOf(json.state, STATES, 'state'),
    receivers: asArray(json.receivers ?? [], 'receivers').map(readReceiver),
  }
}

function readReturn(value: unknown): SplitReturn {
  const json = asObject(value, 'the return')
  return {
    orderId: asText(json.order_id, 'order_id'),
    outOrderNo: asText(json.out_order_no, 'out_order_no'),
    returnId: asText(json.return_id, 'return_id'),
    outReturnNo: asText(json.out_return_no, 'out_return_no'),
    returnMchid: asText(json.return_mchid, 'return_mchid'),
    amountFen: asFen(json.amount, 'amount'),
    result: oneOf(json.result, RETURN_RESULTS, 'result'),
    failReason: json.result === 'FAILED' ? textOr(json.fail_reason, null) : null,
    createdAt: asDate(json.create_time),
    finishedAt: json.result === 'PROCESSING' ? null : asDate(json.finish_time),
  }
}

export function readSplitNotice(value: unknown): SplitNotice {
  const json = asObject(value, 'the split')
  const receiver = asObject(json.receiver, 'receiver')
  return {
    mchid: textOr(json.mchid, '') || textOr(json.sp_mchid, ''),
    transactionId: asText(json.transaction_id, 'transaction_id'),
    orderId: asText(json.order_id, 'order_id'),
    outOrderNo: asText(json.out_order_no, 'out_order_no'),
    receiverType: asText(receiver.type, 'receiver.type'),
    account: asText(receiver.account, 'receiver.account'),
    amountFen: asFen(receiver.amount, 'receiver.amount'),
    description: textOr(receiver.description, ''),
    succeededAt: asDate(json.success_time),
  }
}

/** Who splits with which app: in partner mode the sub-merchant's money, with the partner's app or the sub-merchant's. */
function parties(client: PayClient, appid?: string): Json {
  const { partner } = client.config
  if (!partner) return appid === undefined ? {} : { appid }
  return {
    sub_mchid: partner.subMchid,
    ...(appid !== undefined && { appid: partner.spAppid }),
    ...(appid !== undefined && appid === partner.subAppid && { sub_appid: appid }),
  }
}

const key = ({ appid: _appid, ...receiver }: Pick<NewSplitReceiver, 'appid' | 'type' | 'account'>) => ({
  type: receiver.type,
  account: receiver.account,
})

export function sharingCalls(client: PayClient): ProfitSharing {
  const part = encodeURIComponent
  const sub = client.config.partner ? `&sub_mchid=${client.config.partner.subMchid}` : ''
  return {
    async addReceiver(receiver) {
      const sealed = client.sealing()
      const body = {
        ...parties(client, receiver.appid),
        ...key(receiver),
        ...(receiver.name !== undefined && { name: await sealed.seal(receiver.name) }),
        relation_type: receiver.relation,
        ...(receiver.customRelation !== undefined && { custom_relation: receiver.customRelation }),
      }
      await client.post('/v3/profitsharing/receivers/add', body, sealed.serial)
    },
    async deleteReceiver(receiver) {
      await client.post('/v3/profitsharing/receivers/delete', { ...parties(client, receiver.appid), ...key(receiver) })
    },
    async request(input) {
      const sealed = client.sealing()
      const receivers = []
      for (const { type, account, name, amountFen, description } of input.receivers) {
        const sealedName = name === undefined ? {} : { name: await sealed.seal(name) }
        receivers.push({ type, account, ...sealedName, amount: amountFen, description })
      }
      const body = {
        ...parties(client, input.appid),
        transaction_id: input.transactionId,
        out_order_no: input.outOrderNo,
        receivers,
        unfreeze_unsplit: input.unfreezeUnsplit,
      }
      return readSplit(await client.post('/v3/profitsharing/orders', body, sealed.serial))
    },
    async query({ transactionId, outOrderNo }) {
      const query = `transaction_id=${part(transactionId)}${sub}`
      return readSplit(await client.get(`/v3/profitsharing/orders/${part(outOrderNo)}?${query}`))
    },
    async unfreeze({ transactionId, outOrderNo, description }) {
      const body = { ...parties(client), transaction_id: transactionId, out_order_no: outOrderNo, description }
      return readSplit(await client.post('/v3/profitsharing/orders/unfreeze', body))
    },
    async unsplitFen(transactionId) {
      const path = `/v3/profitsharing/transactions/${part(transactionId)}/amounts`
      return asFen(asObject(await client.get(path), 'the answer').unsplit_amount, 'unsplit_amount')
    },
    async requestReturn(input) {
      const body = {
        ...parties(client),
        out_order_no: input.outOrderNo,
        out_return_no: input.outReturnNo,
        return_mchid: input.returnMchid,
        amount: input.amountFen,
        description: input.description,
      }
      return readReturn(await client.post('/v3/profitsharing/return-orders', body))
    },
    async queryReturn({ outOrderNo, outReturnNo }) {
      const path = `/v3/profitsharing/return-orders/${part(outReturnNo)}?out_order_no=${part(outOrderNo)}${sub}`
      return readReturn(await client.get(path))
    },
    async maxRatioBp() {
      const { partner } = client.config
      if (!partner) throw new Error('WeChat Pay tells the highest share in partner mode only')
      const answer = asObject(await client.get(`/v3/profitsharing/merchant-configs/${partner.subMchid}`), 'the answer')
      return asFen(answer.max_ratio, 'max_ratio')
    },
  }
}
