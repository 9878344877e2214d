import type { PayClient } from './client.ts'
import type { MerchantTransfers, PlacedTransfer, Transfer, TransferNotice, TransferState } from './port.ts'
import { asDate, asFen, asObject, asText, oneOf, textOr } from './shapes.ts'

const STATES: TransferState[] = [
  'ACCEPTED',
  'PROCESSING',
  'WAIT_USER_CONFIRM',
  'TRANSFERING',
  'SUCCESS',
  'FAIL',
  'CANCELING',
  'CANCELLED',
]
const BILLS = '/v3/fund-app/mch-transfer/transfer-bills'

function readPlaced(value: unknown, appid: string, mchid: string): PlacedTransfer {
  const json = asObject(value, 'the transfer')
  const packageInfo = textOr(json.package_info, null)
  return {
    outBillNo: asText(json.out_bill_no, 'out_bill_no'),
    transferBillNo: asText(json.transfer_bill_no, 'transfer_bill_no'),
    state: oneOf(json.state, STATES, 'state'),
    failReason: textOr(json.fail_reason, null),
    createdAt: asDate(json.create_time),
    packageInfo,
    client: packageInfo === null ? null : { mchId: mchid, appId: appid, package: packageInfo },
  }
}

/** The notice carries what a query answers, without app and remark. */
export function readTransferNotice(value: unknown): TransferNotice {
  const json = asObject(value, 'the transfer')
  return {
    outBillNo: asText(json.out_bill_no, 'out_bill_no'),
    transferBillNo: asText(json.transfer_bill_no, 'transfer_bill_no'),
    state: oneOf(json.state, STATES, 'state'),
    amountFen: asFen(json.transfer_amount, 'transfer_amount'),
    openid: textOr(json.openid, null),
    failReason: textOr(json.fail_reason, null),
    createdAt: asDate(json.create_time),
    updatedAt: asDate(json.update_time),
  }
}

function readTransfer(value: unknown): Transfer {
  const json = asObject(value, 'the transfer')
  return {
    ...readTransferNotice(json),
    appid: asText(json.appid, 'appid'),
    remark: textOr(json.transfer_remark, ''),
  }
}

export function transferCalls(client: PayClient): MerchantTransfers {
  const part = encodeURIComponent
  return {
    async create(input) {
      const sealed = client.sealing()
      const body = {
        appid: input.appid,
        out_bill_no: input.outBillNo,
        transfer_scene_id: input.sceneId,
        openid: input.openid,
        ...(input.userName !== undefined && { user_name: await sealed.seal(input.userName) }),
        transfer_amount: input.amountFen,
        transfer_remark: input.remark,
        ...(input.notifyUrl !== undefined && { notify_url: input.notifyUrl }),
        ...(input.perception !== undefined && { user_recv_perception: input.perception }),
        transfer_scene_report_infos: input.reports.map(({ type, content }) => ({
          info_type: type,
          info_content: content,
        })),
      }
      return readPlaced(await client.post(BILLS, body, sealed.serial), input.appid, client.config.mchid)
    },
    async query(outBillNo) {
      return readTransfer(await client.get(`${BILLS}/out-bill-no/${part(outBillNo)}`))
    },
    async queryByTransferBillNo(transferBillNo) {
      return readTransfer(await client.get(`${BILLS}/transfer-bill-no/${part(transferBillNo)}`))
    },
    async cancel(outBillNo) {
      const json = asObject(await client.post(`${BILLS}/out-bill-no/${part(outBillNo)}/cancel`), 'the answer')
      return {
        state: oneOf(json.state, STATES, 'state'),
        transferBillNo: asText(json.transfer_bill_no, 'transfer_bill_no'),
      }
    },
  }
}
