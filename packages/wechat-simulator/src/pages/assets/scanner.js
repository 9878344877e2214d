import { api, h, icon, showTime, toast, yuan } from './parts.js'

const NATIVE = /^weixin:\/\/wxpay\/bizpayurl\?pr=/

/** Opens 扫一扫: paste a code, or pick one that hangs on some counter. `pay(token)` is called with what was scanned. */
export async function openScanner(device, pay) {
  const veil = h('div', { class: 'veil', onclick: (event) => event.target === veil && close() })
  const close = () => veil.remove()
  const scanned = (code_url) => {
    close()
    pay({ code_url })
  }
  const waiting = h('div', { class: 'list' })
  const form = codeForm((text) => (NATIVE.test(text) ? scanned(text) : toast(device, '这不是微信支付的收款码')))
  veil.append(
    h(
      'section',
      {
        class: 'sheet',
        role: 'dialog',
        'aria-modal': 'true',
        'aria-label': '扫一扫',
        onkeydown: (event) => event.key === 'Escape' && close(),
      },
      h(
        'header',
        { class: 'sheet-head' },
        h('button', { class: 'plain', 'aria-label': '关闭', onclick: close }, icon('close', 22)),
        h('b', {}, '扫一扫'),
      ),
      form,
      h('p', { class: 'list-title' }, '等待付款的收款码'),
      waiting,
    ),
  )
  device.append(veil)
  form.querySelector('input').focus()
  try {
    const { codes } = await api('codes')
    const rows = codes.map((code) => waitingRow(code, scanned))
    waiting.replaceChildren(
      ...(rows.length ? rows : [h('p', { class: 'empty short' }, '暂无，商家出示收款码后会列在这里')]),
    )
  } catch (error) {
    waiting.replaceChildren(h('p', { class: 'empty short', role: 'alert' }, error.message))
  }
}

function codeForm(onText) {
  const field = h('input', {
    type: 'text',
    id: 'code',
    placeholder: 'weixin://wxpay/bizpayurl?pr=…',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const onsubmit = (event) => {
    event.preventDefault()
    onText(field.value.trim())
  }
  return h(
    'form',
    { class: 'scan-form', onsubmit },
    h('label', { for: 'code' }, '粘贴收款码内容'),
    h('div', { class: 'scan-row' }, field, h('button', { class: 'primary compact' }, '识别')),
  )
}

function waitingRow({ code_url, order }, scanned) {
  return h(
    'button',
    { class: 'row', onclick: () => scanned(code_url) },
    h('span', { class: 'row-text' }, h('b', {}, order.description), h('small', {}, showTime(order.created_at))),
    h('span', { class: 'row-amount' }, `¥${yuan(order.amount)}`),
  )
}
