import type { Client } from '@zhanggui/contract/client'
import { setWhereDefault } from './settings.ts'

/** How buyers of the demo shop reach its people. */
const CONTACT = {
  'shop.contact-phone': '0571-8888 0000',
  'shop.contact-chat-url': 'https://work.weixin.qq.com/kfid/kfc-demo',
} as const

/** Says how the demo shop is reached; what is set already stays. */
export const addContact = (client: Client, shopId: string): Promise<void> => setWhereDefault(client, shopId, CONTACT)
