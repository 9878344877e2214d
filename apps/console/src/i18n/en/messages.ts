import type { messagesZh } from '../zh/messages.ts'

/** Subscribe messages to buyers. */
export const messagesEn: Record<keyof typeof messagesZh, string> = {
  'nav.messages': 'Messages to buyers',
  'order.toldBuyer': 'Told the buyer: {title}',
  'order.wechatMessage': 'WeChat message “{kind}”: {state}',
  'message.hint': 'WeChat lets one message through for each time a buyer agrees; others stay on the order’s page',
  'message.notConnected': 'No mini program is connected: nothing is sent',
  'message.kinds': 'Kinds of messages',
  'message.kind': 'Kind',
  'message.templateId': 'Template',
  'message.template': 'Set template',
  'message.templateHint':
    'Choose a template under subscribe messages in WeChat’s back office, put its id here and say what stands at each of its keys. While it is empty nobody is asked and nothing is sent.',
  'message.allSettings': 'All settings of messages',
  'message.off': 'Off',
  'message.lately': 'Last 30 days',
  'message.sentCount': '{count} sent',
  'message.waitingCount': '{count} waiting',
  'message.notAllowedCount': '{count} not subscribed',
  'message.failedCount': '{count} failed',
  'message.search': 'Order number or beginning of a title',
  'message.state': 'Outcome',
  'message.buyer': 'Buyer',
  'message.createdAt': 'Written',
  'message.sentAt': 'Sent',
  'message.none': 'No messages yet',
  'message.noneHint': 'Once a kind is on, shipping, delivery and refunds write them',
}
