import { billCalls } from './bills.ts'
import { PayClient } from './client.ts'
import { combinedCalls } from './combined.ts'
import { decryptField, encryptField } from './crypto.ts'
import { readNotice } from './notice.ts'
import { orderCalls } from './orders.ts'
import type { WechatPay, WechatPayConfig, WechatPayDependencies } from './port.ts'
import { sharingCalls } from './sharing.ts'
import { transferCalls } from './transfers.ts'

/** The live client. Whether it talks to WeChat or to a simulator is decided by `config.baseUrl` alone. */
export function createWechatPay(config: WechatPayConfig, dependencies: WechatPayDependencies = {}): WechatPay {
  const client = new PayClient(config, dependencies)
  const { mchid } = config
  return {
    mchid,
    ...orderCalls(client),
    ...billCalls(client),
    sharing: sharingCalls(client),
    transfers: transferCalls(client),
    combined: combinedCalls(client),
    readNotice(input) {
      const { keyring, apiV3Key, now } = client
      const find = (serial: string) => keyring.find(serial)
      return readNotice(input, { find, apiV3Key, now, mchid, subMchid: config.partner?.subMchid })
    },
    async encryptSensitive(text) {
      const { serial, key } = await client.keyring.forEncryption()
      return { ciphertext: encryptField(text, key), serial }
    },
    decryptSensitive: (ciphertext) => decryptField(ciphertext, client.privateKey),
  }
}
