import { api, h, toast } from './parts.js'

const REFRESH_MS = 2000
/** What each fault does, in the words of who stands at the desk. */
const NAMES = {
  refuse: '拒绝',
  server_error: '服务器错误 502',
  rate_limit: '限流 429',
  drop: '没做事就断线',
  drop_after: '做完了事再断线',
  slow: '做完了事，很久才答',
  bad_signature: '应答签名不对',
  notify_first: '通知先于应答到达',
  fail: '处理失败',
  stall: '迟迟不处理完',
  notice_lose: '通知丢失',
  notice_lose_once: '通知丢一次',
  notice_twice: '通知发两次',
  notice_late: '通知迟到',
  notice_swap: '通知乱序',
  notice_bad_signature: '通知签名不对',
}
const EVENTS = { '': '所有通知', TRANSACTION: '支付', REFUND: '退款', MCHTRANSFER: '商家转账', PROFITSHARING: '分账' }
const CHANCES = [0, 0.01, 0.02, 0.05, 0.1, 0.2]

const root = document.getElementById('faults')
const state = { catalogue: null, shown: '' }

async function act(work) {
  await work().catch((error) => toast(document.body, error.message))
  await refresh()
}

async function refresh() {
  const data = await api('faults').catch((error) => toast(document.body, error.message))
  const text = JSON.stringify(data)
  if (!data || text === state.shown) return
  state.shown = text
  document.getElementById('waiting').replaceChildren(...waiting(data.faults))
  document.getElementById('played').replaceChildren(...played(data.played))
  document.getElementById('chaos-state').textContent = data.chaos ? `进行中，种子 ${data.chaos.seed}` : '未开启'
}

function waiting(faults) {
  if (faults.length === 0) return [h('p', { class: 'empty short' }, '没有待发生的故障')]
  const rows = faults.map((each) =>
    h(
      'li',
      {},
      h('b', {}, NAMES[each.kind]),
      h('code', {}, each.path || '全部'),
      each.kind === 'refuse' && h('code', {}, `${each.status} ${each.code}`),
      h('span', {}, `还有 ${each.times} 次`),
    ),
  )
  const clear = () => act(() => api('faults', {}, 'DELETE'))
  return [h('ul', {}, rows), h('button', { class: 'quiet', onclick: clear }, '全部取消')]
}

function played({ total, kinds }) {
  if (total === 0) return [h('p', { class: 'empty short' }, '还没有发生过故障')]
  const rows = Object.entries(kinds).map(([kind, count]) =>
    h('li', {}, h('b', {}, NAMES[kind]), h('span', {}, `${count} 次`)),
  )
  return [h('ul', {}, rows)]
}

const field = (label, control) => h('label', { class: 'field' }, h('span', {}, label), control)
const select = (name, options) =>
  h(
    'select',
    { name },
    options.map(([value, text]) => h('option', { value }, text)),
  )
const number = (name, value, max) => h('input', { name, type: 'number', value, min: 0, max, inputmode: 'numeric' })
const values = (event) => Object.fromEntries(new FormData(event.target))

function form(title, fields, submit) {
  const onsubmit = (event) => {
    event.preventDefault()
    act(() => submit(values(event)))
  }
  return h(
    'form',
    { class: 'sheet-card', onsubmit },
    h('b', {}, title),
    fields,
    h('button', { class: 'primary compact', type: 'submit' }, '开始'),
  )
}

function callForm({ kinds, calls }) {
  const kindsOf = kinds.call.filter((kind) => kind !== 'refuse').map((kind) => [kind, NAMES[kind]])
  const paths = [['/v3/', '所有接口'], ...calls.map((each) => [each.path, each.name])]
  return form(
    '接口故障',
    [
      field('接口', select('path', paths)),
      field('故障', select('kind', kindsOf)),
      field('次数', number('times', 1, 10_000)),
    ],
    ({ path, kind, times }) => api('faults', { path, kind, times: Number(times) }),
  )
}

function refusalForm({ calls }) {
  const codes = h('select', { name: 'refusal' })
  const paths = select(
    'path',
    calls.map((each) => [each.path, each.name]),
  )
  const fill = () => {
    const { refusals } = calls.find((each) => each.path === paths.value)
    codes.replaceChildren(
      ...refusals.map((each) =>
        h('option', { value: JSON.stringify(each) }, `${each.status} ${each.code} ${each.message}`),
      ),
    )
  }
  paths.addEventListener('change', fill)
  fill()
  return form(
    '按文档里的错误码拒绝',
    [field('接口', paths), field('错误码', codes), field('次数', number('times', 1, 10_000))],
    ({ path, refusal, times }) => api('faults', { path, kind: 'refuse', times: Number(times), ...JSON.parse(refusal) }),
  )
}

function resultForm({ kinds, calls }) {
  const paths = calls.filter((each) => /refund|orders|fund-app/.test(each.path)).map((each) => [each.path, each.name])
  return form(
    '受理后的结果',
    [
      field('业务', select('path', paths)),
      field(
        '结果',
        select(
          'kind',
          kinds.result.map((kind) => [kind, NAMES[kind]]),
        ),
      ),
      field('失败原因', h('input', { name: 'reason', value: 'ACCOUNT_ABNORMAL', maxlength: 64 })),
      field('拖延（分钟）', number('minutes', 30, 57_600)),
    ],
    ({ path, kind, reason, minutes }) => api('faults', { path, kind, reason, delay_ms: Number(minutes) * 60_000 }),
  )
}

function noticeForm({ kinds, events }) {
  const notices = ['', ...events].map((event) => [event, EVENTS[event]])
  return form(
    '通知故障',
    [
      field('通知', select('path', notices)),
      field(
        '故障',
        select(
          'kind',
          kinds.notice.map((kind) => [kind, NAMES[kind]]),
        ),
      ),
      field('次数', number('times', 1, 10_000)),
      field('最多等（秒）', number('seconds', 60, 3_456_000)),
    ],
    ({ path, kind, times, seconds }) =>
      api('faults', { path, kind, times: Number(times), delay_ms: Number(seconds) * 1000 }),
  )
}

function chaosForm({ kinds }) {
  const chances = CHANCES.map((each) => [each, `${each * 100} %`])
  const group = (title, list) =>
    h(
      'fieldset',
      {},
      h('legend', {}, title),
      list.filter((kind) => kind !== 'refuse').map((kind) => field(NAMES[kind], select(kind, chances))),
    )
  const start = (given) => {
    const { seed, ...rest } = given
    const rates = Object.fromEntries(Object.entries(rest).map(([kind, rate]) => [kind, Number(rate)]))
    return api('chaos', { seed: Number(seed), rates }, 'PUT')
  }
  const stop = () => act(() => api('chaos', {}, 'DELETE'))
  const made = form(
    '随机模式',
    [
      h('p', { class: 'soft' }, '当前：', h('span', { id: 'chaos-state' }, '未开启')),
      field('种子', number('seed', 1, 4_294_967_295)),
      group('接口', kinds.call),
      group('结果', kinds.result),
      group('通知', kinds.notice),
    ],
    start,
  )
  made.append(h('button', { class: 'quiet', type: 'button', onclick: stop }, '停止'))
  return made
}

async function begin() {
  try {
    state.catalogue = await api('faults/catalogue')
  } catch (error) {
    root.replaceChildren(h('p', { class: 'empty', role: 'alert' }, error.message))
    return
  }
  const forms = [callForm, refusalForm, resultForm, noticeForm].map((make) => make(state.catalogue))
  root.replaceChildren(
    h(
      'header',
      { class: 'wide' },
      h('h1', {}, '故障'),
      h('p', { class: 'soft' }, '让微信像真的一样出错：断线、超时、限流、丢通知、重复通知。商家应当一分钱也不错。'),
    ),
    h('section', {}, h('h2', {}, '下一次要发生的'), h('div', { class: 'cards' }, forms)),
    h('section', {}, h('h2', {}, '随机'), h('div', { class: 'cards one' }, chaosForm(state.catalogue))),
    h('section', {}, h('h2', {}, '等待发生'), h('div', { class: 'sheet-card', id: 'waiting' })),
    h('section', {}, h('h2', {}, '已经发生'), h('div', { class: 'sheet-card', id: 'played' })),
  )
  await refresh()
  setInterval(() => document.visibilityState === 'visible' && void refresh(), REFRESH_MS)
}

void begin()
