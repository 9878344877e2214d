import { drawPanel } from './panel.js'
import { api, avatar, h, icon, showTime, toast, yuan } from './parts.js'
import { showPayment } from './payment.js'
import { openScanner } from './scanner.js'
import { showTransfer, waitingTransfers } from './transfer.js'

const REFRESH_MS = 2000
const start = window.START
const device = document.getElementById('device')
const panel = document.getElementById('panel')

const state = { people: [], person: null, tab: 'messages', shown: '', apps: null }
const screen = h('div', { class: 'screen' })

const remember = (id) => localStorage.setItem('phone-owner', id)

function own(id) {
  const person = state.people.find((each) => each.id === id || each.name === id || each.phone === id)
  if (!person || person === state.person) return
  state.person = person
  remember(person.id)
  state.shown = ''
  draw()
  updatePanel()
}

function draw() {
  const tabs = [
    ['messages', '消息', 'message'],
    ['bills', '账单', 'bill'],
    ['me', '我', 'me'],
  ]
  const title = tabs.find(([id]) => id === state.tab)[1]
  const body = h('div', { class: 'scroll', id: 'content' }, h('p', { class: 'empty' }, '正在读取…'))
  screen.replaceChildren(
    h(
      'header',
      { class: 'bar' },
      h('span', { class: 'bar-side' }, avatar(state.person, 'small')),
      h('h1', {}, title),
      h(
        'button',
        {
          class: 'plain bar-side end-side',
          'aria-label': '扫一扫',
          title: '扫一扫',
          onclick: () => openScanner(device, pay),
        },
        icon('scan'),
      ),
    ),
    body,
    h(
      'nav',
      { class: 'tabs', 'aria-label': '主导航' },
      tabs.map(([id, text, sign]) =>
        h(
          'button',
          {
            class: 'tab',
            'aria-current': id === state.tab ? 'page' : null,
            onclick: () => {
              state.tab = id
              state.shown = ''
              draw()
            },
          },
          icon(sign),
          text,
        ),
      ),
    ),
  )
  void refresh()
}

/** Draws again only when something changed, so that a reader keeps the place. */
async function refresh() {
  const { tab, person } = state
  const who = `person=${encodeURIComponent(person.id)}`
  try {
    const data =
      tab === 'messages'
        ? await Promise.all([api(`messages?${who}`), api(`transfers?${who}`)])
        : tab === 'bills'
          ? await api(`transactions?${who}`)
          : state.people
    const text = JSON.stringify([tab, person.id, data])
    if (text === state.shown || tab !== state.tab || person !== state.person) return
    state.shown = text
    const content = document.getElementById('content')
    if (tab === 'messages')
      content.replaceChildren(...waitingTransfers(data[1], receive), ...messageCards(data[0].messages))
    else if (tab === 'bills') content.replaceChildren(...billRows(data))
    else content.replaceChildren(...profile())
  } catch (error) {
    toast(device, error.message)
  }
}

function messageCards(messages) {
  if (messages.length === 0)
    return [h('p', { class: 'empty' }, '还没有消息', h('br'), '付款、退款和商家通知会出现在这里')]
  return messages.map((message) => {
    const [amount, ...facts] = message.kind === 'subscribe' ? [null, ...message.fields] : message.fields
    return h(
      'article',
      { class: `card ${message.kind}` },
      h(
        'header',
        {},
        h(
          'span',
          { class: `dot ${message.kind}`, 'aria-hidden': 'true' },
          icon(message.kind === 'subscribe' ? 'message' : 'yuan', 14),
        ),
        h('b', {}, message.sender),
        h('time', {}, showTime(message.created_at)),
      ),
      h('h2', {}, message.title),
      amount && h('p', { class: 'card-amount' }, h('small', {}, amount.name), amount.value),
      h(
        'dl',
        { class: 'facts' },
        facts.map((each) => h('div', {}, h('dt', {}, each.name), h('dd', {}, each.value))),
      ),
      message.page && messageFoot(message.page),
    )
  })
}

/** Opens the page a message names, once the desk was told where the mini program runs. */
function messageFoot(path) {
  const base = state.apps.mini.url
  if (!base) return h('p', { class: 'card-foot' }, '小程序页面', h('code', {}, path))
  const href = `${base.replace(/\/$/, '')}/${path.replace(/^\//, '')}`
  const chevron = h('span', { class: 'chevron', 'aria-hidden': 'true' })
  return h('a', { class: 'card-foot', href, target: '_blank', rel: 'noopener' }, '进入小程序查看', chevron)
}

function billRows(data) {
  if (data.transactions.length === 0) return [h('p', { class: 'empty' }, '还没有账单')]
  return data.transactions.map((order) => {
    const back = order.refunds.filter((each) => each.status === 'SUCCESS').reduce((sum, each) => sum + each.amount, 0)
    const open = order.refunds.some((each) => each.status === 'PROCESSING')
    const note = open ? '退款处理中' : back === order.amount ? '已全额退款' : back > 0 ? `已退款 ¥${yuan(back)}` : ''
    return h(
      'article',
      { class: 'bill' },
      h('span', { class: 'shop-mark small', 'aria-hidden': 'true' }, data.merchant_name.slice(0, 1)),
      h(
        'div',
        { class: 'bill-text' },
        h('b', {}, data.merchant_name),
        h('span', {}, order.description),
        h('time', {}, showTime(order.success_at)),
      ),
      h('div', { class: 'bill-money' }, h('b', {}, `-${yuan(order.amount)}`), note && h('small', {}, note)),
    )
  })
}

function profile() {
  const { person } = state
  const openid = (name, appid) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, h('code', {}, person.openids[appid] ?? '')))
  return [
    h(
      'section',
      { class: 'me' },
      avatar(person, 'large'),
      h('div', {}, h('h2', {}, person.name), h('p', {}, `手机号 ${person.phone}`)),
    ),
    h(
      'section',
      { class: 'list' },
      h(
        'dl',
        { class: 'facts padded' },
        openid('小程序 OpenID', state.apps.mini.appid),
        openid('服务号 OpenID', state.apps.mp.appid),
      ),
    ),
    h('p', { class: 'list-title' }, '换一部手机'),
    peopleList(),
  ]
}

function peopleList() {
  return h(
    'div',
    { class: 'list' },
    state.people.map((person) =>
      h(
        'button',
        { class: 'row', 'aria-pressed': person === state.person ? 'true' : 'false', onclick: () => own(person.id) },
        avatar(person),
        h('span', { class: 'row-text' }, h('b', {}, person.name), h('small', {}, person.phone)),
        person === state.person && h('span', { class: 'tick' }, icon('check', 20)),
      ),
    ),
  )
}

function pay(token) {
  void showPayment({
    device,
    token,
    returnUrl: start.return_url,
    choosePerson(payerId) {
      if (payerId && !start.person) own(payerId)
      return state.person
    },
    onDone(result) {
      if (result === 'cancel') {
        if (start.return_url) return location.assign(start.return_url)
        toast(device, '已取消支付')
      }
      void refresh()
      if (start.mode === 'h5') device.replaceChildren(h('p', { class: 'empty' }, '可以关闭此页面'))
    },
  })
}

function receive(packageInfo) {
  void showTransfer({
    device,
    packageInfo,
    returnUrl: start.return_url,
    choosePerson(receiverId) {
      if (receiverId && !start.person) own(receiverId)
      return state.person
    },
    onDone() {
      state.shown = ''
      void refresh()
    },
  })
}

function updatePanel() {
  if (!panel) return
  const { person, people } = state
  drawPanel(panel, device, { person, people, peopleList }).catch((error) => toast(device, error.message))
}

async function begin() {
  try {
    const [{ people }, apps] = await Promise.all([api('people'), api('apps')])
    Object.assign(state, { people, apps })
  } catch (error) {
    device.replaceChildren(h('p', { class: 'empty', role: 'alert' }, error.message))
    return
  }
  const wanted = start.person ?? localStorage.getItem('phone-owner')
  state.person = state.people.find((each) => [each.id, each.name, each.phone].includes(wanted)) ?? state.people[0]
  const token = start.prepay_id ? { prepay_id: start.prepay_id } : start.code_url ? { code_url: start.code_url } : null
  if (start.mode === 'h5') {
    if (!token) device.replaceChildren(h('p', { class: 'empty' }, '没有可支付的内容'))
    else chooseAndPay(token)
    return
  }
  device.append(screen)
  draw()
  updatePanel()
  if (token) pay(token)
  else if (start.transfer) receive(start.transfer)
  setInterval(() => {
    if (document.visibilityState !== 'visible') return
    void refresh()
    updatePanel()
  }, REFRESH_MS)
}

/** A browser outside WeChat does not know whose phone it is: it asks, as opening WeChat would answer. */
function chooseAndPay(token) {
  if (start.person) return pay(token)
  const list = h(
    'div',
    { class: 'list' },
    state.people.map((person) =>
      h(
        'button',
        {
          class: 'row',
          onclick: () => {
            state.person = person
            remember(person.id)
            pay(token)
          },
        },
        avatar(person),
        h('span', { class: 'row-text' }, h('b', {}, person.name), h('small', {}, person.phone)),
        h('span', { class: 'chevron', 'aria-hidden': 'true' }),
      ),
    ),
  )
  device.replaceChildren(
    h('header', { class: 'bar' }, h('h1', {}, '微信支付')),
    h(
      'div',
      { class: 'scroll' },
      h(
        'div',
        { class: 'ask' },
        h('span', { class: 'pay-mark' }, icon('check', 30)),
        h('h2', {}, '打开微信付款'),
        h('p', {}, '浏览器会打开手机上的微信，选择用谁的微信付款'),
      ),
      h('p', { class: 'list-title' }, '选择付款人'),
      list,
    ),
  )
}

void begin()
