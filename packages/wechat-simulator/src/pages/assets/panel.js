import { api, h, showTime, toast } from './parts.js'

const STATES = { pending: '等待重试', delivered: '已送达', given_up: '已放弃', lost: '已丢失' }
const STEPS = [
  ['拨快 1 分钟', 60_000],
  ['1 小时', 3_600_000],
  ['1 天', 86_400_000],
]

const BOARDS = [
  ['/money', '资金、分账与转账'],
  ['/faults', '让微信出故障'],
  ['/parcels', '看包裹走到哪了'],
]
const boardLink = ([href, text]) =>
  h(
    'a',
    { class: 'row', href, target: '_blank', rel: 'noopener' },
    h('span', { class: 'row-text' }, text),
    h('span', { class: 'chevron', 'aria-hidden': 'true' }),
  )
const KINDS = [
  ['REFUND', '退款'],
  ['MCHTRANSFER', '转账'],
  ['PROFITSHARING', '分账'],
]

/** Draws what lies beside the phone: whose it is, the clock, the notices sent to the shop. */
export async function drawPanel(panel, device, { person, people, peopleList }) {
  const [clock, { notifications }] = await Promise.all([api('clock'), api('notifications?limit=8')])
  const text = JSON.stringify([clock.now.slice(0, 16), clock.offset_ms, notifications, person.id, people.length])
  if (text === panel.dataset.shown) return
  panel.dataset.shown = text
  const act = async (work) => {
    await work().catch((error) => toast(device, error.message))
    await drawPanel(panel, device, { person, people, peopleList })
  }
  const advance = ([label, ms]) =>
    h('button', { class: 'quiet', onclick: () => act(() => api('clock/advance', { ms })) }, label)
  panel.replaceChildren(
    h('h1', {}, '桌面微信'),
    h('p', { class: 'lead' }, '这是模拟的微信：可以登录、付款、收退款和消息，但不会动真钱，也不会发到真的微信。'),
    h('h2', {}, '谁的手机'),
    peopleList(),
    h('h2', {}, '时钟'),
    h('p', { class: 'clock' }, showTime(Date.parse(clock.now)), clock.offset_ms > 0 && h('small', {}, '已拨快')),
    h('div', { class: 'buttons' }, STEPS.map(advance)),
    h('div', { class: 'list boards' }, BOARDS.map(boardLink)),
    h('h2', {}, '发给商家的通知'),
    notifications.length === 0
      ? h('p', { class: 'empty short' }, '还没有通知')
      : h(
          'ul',
          { class: 'notices' },
          notifications.map((notice) => noticeRow(notice, act)),
        ),
  )
}

function noticeRow(notice, act) {
  const last = notice.log.at(-1)
  const detail = last ? (last.status ? `HTTP ${last.status}` : (last.error ?? '')) : '尚未发送'
  const resend = () => act(() => api(`notifications/${notice.id}/resend`, {}))
  const kind = KINDS.find(([event]) => notice.event_type.startsWith(event))?.[1] ?? '支付'
  return h(
    'li',
    {},
    h('div', {}, h('b', {}, kind), h('code', {}, notice.subject)),
    h(
      'div',
      { class: 'notice-state' },
      h('span', { class: `pill ${notice.state}` }, STATES[notice.state]),
      h('small', { title: detail }, detail),
      h('button', { class: 'link', onclick: resend }, '重发'),
    ),
  )
}
