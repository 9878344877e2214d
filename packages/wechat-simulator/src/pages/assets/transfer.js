import { api, avatar, h, icon, showTime, yuan } from './parts.js'
import { announce, showEnd } from './payment.js'

const STATES = {
  TRANSFERING: ['正在到账', '微信正在处理，稍后可在零钱查看'],
  SUCCESS: ['已收款', '这笔转账已存入零钱'],
  FAIL: ['转账已关闭', '超过 24 小时未确认，或商户无法付款'],
  CANCELING: ['商户正在撤销', '这笔转账不能再确认'],
  CANCELLED: ['商户已撤销', '这笔转账不能再确认'],
}

/**
 * Shows a merchant transfer to its receiver, as `wx.requestMerchantTransfer` does, and lets the person confirm.
 * `packageInfo` is what the merchant handed over.
 */
export async function showTransfer(options) {
  const { device, packageInfo, choosePerson, onDone } = options
  let transfer
  try {
    transfer = await api(`transfer?${new URLSearchParams({ package: packageInfo })}`)
  } catch (error) {
    return showEnd({ ...options, title: '无法收款', text: error.message, good: false })
  }
  const person = choosePerson(transfer.receiver_id)
  const state = STATES[transfer.state]
  if (state) return showEnd({ ...options, title: state[0], text: state[1], good: transfer.state === 'SUCCESS' })
  const sheet = h('section', { class: 'sheet pay-sheet', role: 'dialog', 'aria-modal': 'true', 'aria-label': '收款' })
  const veil = h('div', { class: 'veil' }, sheet)
  const leave = () => {
    veil.remove()
    announce('cancel')
    onDone('cancel')
  }
  const confirm = async (event) => {
    event.target.disabled = true
    try {
      await api('transfers/confirm', { package: packageInfo, person: person.id, action: 'confirm' })
    } catch (error) {
      veil.remove()
      return showEnd({ ...options, title: '无法收款', text: error.message, good: false })
    }
    veil.remove()
    announce('ok')
    showEnd({ ...options, title: '收款成功', text: '将存入零钱', amount: transfer.amount, good: true, result: 'ok' })
  }
  sheet.replaceChildren(
    h(
      'header',
      { class: 'sheet-head' },
      h('button', { class: 'plain', 'aria-label': '暂不收款', onclick: leave }, icon('close', 22)),
    ),
    h('p', { class: 'pay-merchant' }, `${transfer.merchant_name} 向你转账`),
    h('p', { class: 'pay-amount' }, h('small', {}, '¥'), yuan(transfer.amount)),
    h('dl', { class: 'facts' }, facts(transfer, person)),
    transfer.receiver_id === person.id
      ? h('button', { class: 'primary', onclick: confirm }, '确认收款')
      : h('p', { class: 'warning', role: 'alert' }, `这笔转账应由${transfer.receiver_name}收款，请切换到其手机。`),
  )
  device.append(veil)
  sheet.querySelector('.primary')?.focus()
}

function facts(transfer, person) {
  const line = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, ...value))
  return [
    transfer.perception && line('收款说明', transfer.perception),
    line('备注', transfer.remark),
    h('div', {}, h('dt', {}, '收款人'), h('dd', { class: 'with-avatar' }, avatar(person, 'tiny'), person.name)),
    line('截止时间', showTime(transfer.due_at)),
  ]
}

/** Transfers that wait for this person, above the messages. */
export function waitingTransfers({ transfers, merchant_name }, open) {
  return transfers
    .filter((each) => each.state === 'WAIT_USER_CONFIRM')
    .map((each) =>
      h(
        'article',
        { class: 'card income' },
        h(
          'header',
          {},
          h('span', { class: 'dot income', 'aria-hidden': 'true' }),
          h('b', {}, merchant_name),
          h('time', {}, showTime(each.created_at)),
        ),
        h('h2', {}, '待你确认的转账'),
        h('p', { class: 'card-amount' }, h('small', {}, each.remark), `¥${yuan(each.amount)}`),
        h('button', { class: 'primary', onclick: () => open(each.package_info) }, '去收款'),
      ),
    )
}
