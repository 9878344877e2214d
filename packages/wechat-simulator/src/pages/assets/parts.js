/** Makes an element. Text is always text: nothing a shop sends is read as HTML. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else if (key === 'style') element.style.cssText = value
    else element.setAttribute(key, value === true ? '' : value)
  }
  for (const child of children.flat())
    if (child !== null && child !== undefined && child !== false) element.append(child)
  return element
}

/** Calls the control API; throws an Error in the person's words. */
export async function api(path, body, method = 'POST') {
  const init =
    body === undefined ? {} : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`/__sim/${path}`, init).catch(() => {
    throw new Error('模拟器没有响应，请确认它仍在运行')
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error?.message ?? `请求失败（${response.status}）`)
  return answer
}

export const yuan = (fen) => (fen / 100).toFixed(2)

const dayTime = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  month: 'long',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
export const showTime = (ms) => dayTime.format(new Date(ms))

export function avatar(person, size = 'medium') {
  return h(
    'span',
    { class: `avatar ${size}`, style: `background:${person.avatar_color}`, 'aria-hidden': 'true' },
    person.name.slice(-1),
  )
}

const PATHS = {
  scan: 'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M3 12h18',
  message: 'M4 5h16v11H9l-4 4v-4H4z',
  bill: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M15 5l-7 7 7 7',
  check: 'M5 12.5l4.5 4.5L19 7',
  yuan: 'M6.5 4.5L12 12l5.5-7.5M12 12v8M7.5 12.5h9M7.5 16.5h9',
  erase: 'M9 6h12v12H9l-6-6zM12 9.5l5 5M17 9.5l-5 5',
}

export function icon(name, size = 24) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const attributes = { viewBox: '0 0 24 24', width: size, height: size, 'aria-hidden': 'true', class: 'icon' }
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value)
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', PATHS[name])
  svg.append(path)
  return svg
}

/** A short word at the bottom of the phone that goes away by itself. */
export function toast(device, text) {
  device.querySelector('.toast')?.remove()
  const note = h('div', { class: 'toast', role: 'status' }, text)
  device.append(note)
  setTimeout(() => note.remove(), 2600)
}
