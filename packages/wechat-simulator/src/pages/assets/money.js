import { api, h, showTime, toast, yuan } from './parts.js'

const REFRESH_MS = 2000
const RESULTS = { PENDING: '处理中', SUCCESS: '已到账', CLOSED: '已关闭' }
const RETURNS = { PROCESSING: '回退中', SUCCESS: '已回退', FAILED: '回退失败' }
const TRANSFERS = {
  WAIT_USER_CONFIRM: '等待收款人确认',
  TRANSFERING: '转账中',
  SUCCESS: '已到账',
  FAIL: '失败',
  CANCELING: '撤销中',
  CANCELLED: '已撤销',
}
const TONES = { SUCCESS: 'delivered', CLOSED: 'given_up', FAIL: 'given_up', FAILED: 'given_up', CANCELLED: 'given_up' }

const root = document.getElementById('money')
let shown = ''

async function refresh() {
  try {
    const data = await Promise.all([
      api('account'),
      api('merchants'),
      api('splits?limit=20'),
      api('transfers?limit=20'),
      api('flows?limit=20'),
      api('people'),
    ])
    const text = JSON.stringify(data)
    if (text === shown) return
    shown = text
    draw(data)
  } catch (error) {
    if (shown === '') root.replaceChildren(h('p', { class: 'empty', role: 'alert' }, error.message))
    else toast(document.body, error.message)
  }
}

async function act(work) {
  await work().catch((error) => toast(document.body, error.message))
  await refresh()
}

const pill = (state, texts) => h('span', { class: `pill ${TONES[state] ?? ''}` }, texts[state] ?? state)
const button = (label, work) => h('button', { class: 'quiet', onclick: () => act(work) }, label)
const nothing = (text) => h('p', { class: 'empty short' }, text)

function draw([account, { merchants }, { splits }, { transfers }, { flows }, { people }]) {
  const names = new Map([
    [account.mchid, account.name],
    ...merchants.map((each) => [each.mchid, each.name]),
    ...people.flatMap((each) => Object.values(each.openids).map((openid) => [openid, each.name])),
  ])
  root.replaceChildren(
    h(
      'header',
      { class: 'wide' },
      h('h1', {}, '资金'),
      h('p', { class: 'soft' }, '微信支付替商家管着的钱：余额、待分账的冻结款、分账、转账和每一笔流水。'),
    ),
    section('商户账户', [accountCard(account), ...merchants.map(merchantCard)]),
    section('分账', splits.length ? splits.map((each) => splitCard(each, names)) : [nothing('还没有分账')]),
    section('商家转账', transfers.length ? transfers.map(transferCard(people)) : [nothing('还没有转账')]),
    section('资金流水', flows.length ? [flowTable(flows)] : [nothing('还没有流水')]),
  )
}

const section = (title, cards) => h('section', {}, h('h2', {}, title), h('div', { class: 'cards' }, cards))

function amounts(each) {
  const line = (name, fen) => h('div', {}, h('dt', {}, name), h('dd', {}, `¥${yuan(fen)}`))
  return h(
    'dl',
    { class: 'facts' },
    line('余额', each.balance),
    line('冻结待分账', each.frozen),
    line('可用', each.available),
  )
}

function accountCard(account) {
  return h(
    'article',
    { class: 'sheet-card' },
    h('b', {}, account.name),
    h('code', {}, account.mchid),
    amounts(account),
    h(
      'div',
      { class: 'buttons' },
      button('充值 ¥1,000', () => api('account/top-up', { fen: 100_000 })),
    ),
  )
}

function merchantCard(each) {
  const change = () => api(`merchants/${each.mchid}`, { allows_returns: !each.allows_returns }, 'PATCH')
  const spend = () => api(`merchants/${each.mchid}/spend`, { fen: each.available })
  return h(
    'article',
    { class: 'sheet-card' },
    h('b', {}, each.name),
    h('code', {}, each.mchid),
    amounts(each),
    h(
      'div',
      { class: 'buttons' },
      button(each.allows_returns ? '同意分账回退：是' : '同意分账回退：否', change),
      each.available > 0 && button('提走全部余额', spend),
    ),
  )
}

function splitCard(split, names) {
  const decide = (receiver, outcome) => () =>
    api(`splits/${split.out_order_no}/receivers/${receiver.account}/outcome`, { outcome })
  return h(
    'article',
    { class: 'sheet-card' },
    h('b', {}, `分账单 ${split.out_order_no}`),
    h('small', {}, `${showTime(split.created_at)} · 订单 ${split.out_trade_no}${split.unfreezes ? ' · 解冻剩余' : ''}`),
    h(
      'ul',
      {},
      split.receivers.map((each) =>
        h(
          'li',
          {},
          h('span', {}, names.get(each.account) ?? each.account),
          h('b', {}, `¥${yuan(each.amount)}`),
          pill(each.result, RESULTS),
          each.fail_reason && h('code', {}, each.fail_reason),
          each.result === 'PENDING' && button('立即到账', decide(each, 'SUCCESS')),
          each.result === 'PENDING' && button('失败', decide(each, 'CLOSED')),
        ),
      ),
      split.returns.map((each) =>
        h(
          'li',
          {},
          h('span', {}, `${names.get(each.return_mchid) ?? each.return_mchid} 退回`),
          h('b', {}, `¥${yuan(each.amount)}`),
          pill(each.result, RETURNS),
          each.fail_reason && h('code', {}, each.fail_reason),
        ),
      ),
    ),
  )
}

const transferCard = (people) => (each) => {
  const isOpen = each.state === 'WAIT_USER_CONFIRM' || each.state === 'TRANSFERING'
  const fail = () => api(`transfers/${each.out_bill_no}/outcome`, { outcome: 'FAIL' })
  const receiver = people.find((person) => person.id === each.person_id)?.name ?? each.openid
  const query = new URLSearchParams({ person: each.person_id, transfer: each.package_info })
  return h(
    'article',
    { class: 'sheet-card' },
    h('b', {}, `${receiver} ¥${yuan(each.amount)}`),
    h('small', {}, `${showTime(each.created_at)} · ${each.remark} · ${each.out_bill_no}`),
    h('p', {}, pill(each.state, TRANSFERS), each.fail_reason && h('code', {}, ` ${each.fail_reason}`)),
    isOpen &&
      h(
        'div',
        { class: 'buttons' },
        each.state === 'WAIT_USER_CONFIRM' && h('a', { class: 'quiet', href: `/phone?${query}` }, '在手机上收款'),
        each.outcome === 'SUCCESS' && button('让它失败', fail),
      ),
  )
}

function flowTable(flows) {
  return h(
    'table',
    { class: 'flows' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['时间', '业务', '收支', '余额', '凭证号'].map((each) => h('th', {}, each)),
      ),
    ),
    h(
      'tbody',
      {},
      flows.map((each) =>
        h(
          'tr',
          {},
          h('td', {}, showTime(each.at)),
          h('td', {}, each.kind),
          h('td', { class: 'number' }, `${each.amount > 0 ? '+' : ''}${yuan(each.amount)}`),
          h('td', { class: 'number' }, yuan(each.balance)),
          h('td', {}, h('code', {}, each.voucher_no)),
        ),
      ),
    ),
  )
}

void refresh()
setInterval(() => document.visibilityState === 'visible' && void refresh(), REFRESH_MS)
