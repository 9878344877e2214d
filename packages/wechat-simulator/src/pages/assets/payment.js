import { api, avatar, h, icon, yuan } from './parts.js'

const PIN_LENGTH = 6
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0', 'erase']
const STATES = {
  paid: ['已支付', '该订单已支付，无需再付'],
  closed: ['订单已关闭', '商户已关闭该订单，或已超过支付时间'],
  expired: ['支付信息已过期', '请回到商户重新发起支付'],
}

/** Tells the page that opened this one how it ended, as the WeChat client tells the page inside it. */
export function announce(result) {
  const message = { source: 'wechat-simulator', result }
  if (window.opener) window.opener.postMessage(message, '*')
  if (window.parent !== window) window.parent.postMessage(message, '*')
}

/**
 * Shows a payment and lets the person decide.
 * `token` is `{ prepay_id }` or `{ code_url }`; `onDone(result)` is called with ok, cancel or closed.
 */
export async function showPayment(options) {
  const { device, token, choosePerson, onDone } = options
  let payment
  try {
    payment = await api(`payment?${new URLSearchParams(token)}`)
  } catch (error) {
    showEnd({ ...options, title: '无法支付', text: error.message, good: false })
    return
  }
  const person = choosePerson(payment.payer_id)
  const state = STATES[payment.state]
  if (state) return showEnd({ ...options, title: state[0], text: state[1], good: payment.state === 'paid' })
  const sheet = h('section', { class: 'sheet pay-sheet', role: 'dialog', 'aria-modal': 'true', 'aria-label': '支付' })
  const veil = h('div', { class: 'veil' }, sheet)
  const leave = async () => {
    await api('pay', { ...token, person: person.id, action: 'refuse' }).catch(() => {})
    veil.remove()
    announce('cancel')
    onDone('cancel')
  }
  fillSheet({
    sheet,
    payment,
    person,
    leave,
    onConfirm: () => askPin({ ...options, sheet, veil, payment, person, leave }),
  })
  device.append(veil)
  sheet.querySelector('.primary')?.focus()
}

function fillSheet({ sheet, payment, person, leave, onConfirm }) {
  const wrongPayer = payment.payer_id && payment.payer_id !== person.id
  sheet.replaceChildren(
    h(
      'header',
      { class: 'sheet-head' },
      h('button', { class: 'plain', 'aria-label': '取消支付', onclick: leave }, icon('close', 22)),
    ),
    h('p', { class: 'pay-merchant' }, payment.merchant_name),
    h('p', { class: 'pay-amount' }, h('small', {}, '¥'), yuan(payment.order.amount)),
    h(
      'dl',
      { class: 'facts' },
      h('div', {}, h('dt', {}, '商品'), h('dd', {}, payment.order.description)),
      h('div', {}, h('dt', {}, '付款人'), h('dd', { class: 'with-avatar' }, avatar(person, 'tiny'), person.name)),
      h('div', {}, h('dt', {}, '支付方式'), h('dd', {}, '零钱')),
    ),
    wrongPayer
      ? h(
          'p',
          { class: 'warning', role: 'alert' },
          `下单账号与支付账号不一致，应由${payment.payer_name}支付。请切换到${payment.payer_name}的手机。`,
        )
      : h('button', { class: 'primary', onclick: onConfirm }, '确认支付'),
  )
}

/** Six digits; any six will do, and nothing is kept. */
function askPin(options) {
  const { sheet, payment, leave } = options
  let pin = ''
  const boxes = Array.from({ length: PIN_LENGTH }, () => h('span', { class: 'pin-box' }))
  const status = h('p', { class: 'pin-status', role: 'status' }, '模拟支付，任意 6 位数字即可')
  const show = () => {
    for (const [index, box] of boxes.entries()) box.classList.toggle('filled', index < pin.length)
  }
  const press = (key) => {
    if (pin.length === PIN_LENGTH) return
    pin = key === 'erase' ? pin.slice(0, -1) : pin + key
    show()
    if (pin.length === PIN_LENGTH) confirm()
  }
  const confirm = async () => {
    status.textContent = '正在支付…'
    try {
      await pay(options)
    } catch (error) {
      pin = ''
      show()
      status.textContent = error.message
    }
  }
  const pad = h(
    'div',
    { class: 'pad' },
    KEYS.map((key) => keyButton(key, press)),
  )
  sheet.replaceChildren(
    h(
      'header',
      { class: 'sheet-head' },
      h('button', { class: 'plain', 'aria-label': '取消支付', onclick: leave }, icon('close', 22)),
      h('b', {}, '请输入支付密码'),
    ),
    h('p', { class: 'pay-merchant' }, payment.merchant_name),
    h('p', { class: 'pay-amount small' }, h('small', {}, '¥'), yuan(payment.order.amount)),
    h('div', { class: 'pin', 'aria-label': '支付密码' }, boxes),
    status,
    pad,
  )
  sheet.tabIndex = -1
  sheet.focus()
  sheet.onkeydown = (event) => {
    if (/^\d$/.test(event.key)) press(event.key)
    else if (event.key === 'Backspace') press('erase')
    else if (event.key === 'Escape') leave()
  }
}

function keyButton(key, press) {
  if (key === '') return h('span', { class: 'pad-gap' })
  const label = key === 'erase' ? '删除' : key
  return h(
    'button',
    { class: 'pad-key', 'aria-label': label, onclick: () => press(key) },
    key === 'erase' ? icon('erase', 26) : key,
  )
}

async function pay(options) {
  const { token, person, payment, veil } = options
  await api('pay', { ...token, person: person.id, action: 'confirm' })
  veil.remove()
  announce('ok')
  showEnd({
    ...options,
    title: '支付成功',
    text: payment.merchant_name,
    amount: payment.order.amount,
    good: true,
    result: 'ok',
  })
}

export function showEnd({ device, title, text, amount, good, returnUrl, result, onDone }) {
  const finish = () => {
    if (returnUrl) {
      location.assign(returnUrl)
      return
    }
    screen.remove()
    onDone(result ?? 'closed')
  }
  const button = h(
    'button',
    { class: good ? 'secondary' : 'primary', onclick: finish },
    returnUrl ? '返回商家' : '完成',
  )
  const screen = h(
    'section',
    { class: 'end', role: 'dialog', 'aria-label': title },
    h('div', { class: `end-mark ${good ? 'good' : 'bad'}` }, icon(good ? 'check' : 'close', 40)),
    h('h2', {}, title),
    amount === undefined ? null : h('p', { class: 'pay-amount' }, h('small', {}, '¥'), yuan(amount)),
    h('p', { class: 'end-text' }, text),
    h('div', { class: 'end-foot' }, button),
  )
  device.append(screen)
  button.focus()
}
