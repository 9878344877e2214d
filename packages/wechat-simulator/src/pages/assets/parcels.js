import { api, h, showTime, toast } from './parts.js'

const REFRESH_MS = 2000
const COURSES = [
  ['delivered', '顺利签收'],
  ['stalled', '路上停滞'],
  ['problem', '疑难：联系不上'],
  ['refused', '收件人拒收'],
  ['returned', '地址不详退回'],
]
const STATES = {
  '': '待揽收',
  0: '在途',
  1: '已揽收',
  2: '疑难',
  3: '已签收',
  4: '已退回',
  5: '派送中',
  6: '退回中',
  14: '拒收',
}
const SPEEDS = [
  [1, '真实速度'],
  [60, '1 分钟当 1 小时'],
  [600, '6 秒当 1 小时'],
  [3600, '1 秒当 1 小时'],
]
const STEPS = [
  ['拨快 1 小时', 3_600_000],
  ['1 天', 86_400_000],
  ['3 天', 259_200_000],
]
const PUSHES = { pending: '等待重推', delivered: '商家已收到', given_up: '商家没收到' }
const COMPANIES = {
  shunfeng: '顺丰速运',
  zhongtong: '中通快递',
  yuantong: '圆通速递',
  yunda: '韵达快递',
  shentong: '申通快递',
  jd: '京东物流',
  ems: 'EMS',
  youzhengguonei: '邮政快递包裹',
  jtexpress: '极兔速递',
  debangkuaidi: '德邦快递',
  kuayue: '跨越速运',
}

const root = document.getElementById('parcels')
let shown = ''

async function refresh() {
  try {
    const [{ parcels }, settings, clock] = await Promise.all([api('parcels?limit=50'), api('settings'), api('clock')])
    const text = JSON.stringify([parcels, settings.parcel_speed, clock.now.slice(0, 16)])
    // A reader who is choosing is not interrupted.
    if (text === shown || root.contains(document.activeElement?.closest('select'))) return
    shown = text
    root.replaceChildren(head(settings, clock), ...(parcels.length > 0 ? parcels.map(card) : [nothing()]))
  } catch (error) {
    if (shown === '') root.replaceChildren(h('p', { class: 'empty', role: 'alert' }, error.message))
    else toast(document.body, error.message)
  }
}

async function act(work) {
  await work().catch((error) => toast(document.body, error.message))
  document.activeElement?.blur()
  await refresh()
}

function head(settings, clock) {
  const change = (event) => act(() => api('settings', { parcel_speed: Number(event.target.value) }, 'PATCH'))
  const speeds = SPEEDS.some(([speed]) => speed === settings.parcel_speed)
    ? SPEEDS
    : [...SPEEDS, [settings.parcel_speed, `${settings.parcel_speed} 倍速`]]
  return h(
    'header',
    { class: 'parcels-head' },
    h('h1', {}, '桌面快递'),
    h('p', {}, '商家以为自己连着快递100。每走一站，就把签过名的轨迹推给商家。'),
    h(
      'div',
      { class: 'buttons' },
      h('label', {}, '之后每一站的速度 ', h('select', { onchange: change }, speeds.map(option(settings.parcel_speed)))),
      h('span', { class: 'parcels-clock' }, `模拟器时间 ${showTime(Date.parse(clock.now))}`),
      STEPS.map(([label, ms]) =>
        h('button', { class: 'quiet', onclick: () => act(() => api('clock/advance', { ms })) }, label),
      ),
      h('a', { class: 'link', href: '/phone' }, '回到手机'),
    ),
  )
}

const option =
  (chosen) =>
  ([value, label]) =>
    h('option', { value, selected: value === chosen }, label)

const nothing = () =>
  h('p', { class: 'empty' }, '还没有包裹', h('br'), '在后台发货并填上运单号，包裹就会出现在这里，自己往前走')

function card(parcel) {
  const { number, company, course, state, lines, pushes, from_city, to_city, next_at } = parcel
  const isOver = state === '3' || state === '4'
  const steer = (event) => act(() => api(`parcels/${number}/course`, { course: event.target.value }))
  const [push] = pushes
  return h(
    'article',
    { class: 'parcel', 'data-number': number },
    h(
      'header',
      {},
      h('b', {}, COMPANIES[company] ?? '等商家发货'),
      h('code', {}, number),
      h('span', { class: `pill ${['2', '14', '6', '4'].includes(state) ? 'given_up' : 'delivered'}` }, STATES[state]),
    ),
    (from_city || to_city) && h('p', { class: 'soft' }, `${from_city || '始发地'} → ${to_city || '目的地'}`),
    lines.length === 0
      ? h('p', { class: 'soft' }, company === '' ? '商家用这个运单号发货后开始走' : '等快递员来取件')
      : h(
          'ol',
          {},
          lines.map((line) => h('li', {}, h('time', {}, showTime(line.at)), h('span', {}, line.text))),
        ),
    h(
      'footer',
      { class: 'buttons' },
      !isOver &&
        h(
          'label',
          {},
          '走法 ',
          h('select', { 'aria-label': `${number} 走法`, onchange: steer }, COURSES.map(option(course))),
        ),
      next_at !== null &&
        h('button', { class: 'quiet', onclick: () => act(() => api(`parcels/${number}/move`, {})) }, '下一站'),
      h(
        'small',
        { title: push?.last_answer ?? '' },
        next_at !== null
          ? `下一站 ${showTime(next_at)} `
          : course === 'stalled' && !isOver && company
            ? '停滞中，改走法后继续 '
            : '',
        push && `· ${PUSHES[push.state]}`,
      ),
    ),
  )
}

void refresh()
setInterval(() => document.visibilityState === 'visible' && void refresh(), REFRESH_MS)
