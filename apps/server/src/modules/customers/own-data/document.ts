import { strToU8, zipSync } from 'fflate'
import type { CopySection } from '../../../kernel/buyer-part.ts'
import { LOCAL_ZONE } from '../../../kernel/days.ts'

/** A copy as one archive: a page to be read, and the same as JSON for programs. */
export function copyArchive(sections: readonly CopySection[], at: string): Buffer {
  const data = Object.fromEntries(sections.map(({ name, title, columns, rows }) => [name, { title, columns, rows }]))
  return Buffer.from(
    zipSync({
      '我的数据.html': strToU8(copyPage(sections, at)),
      'data.json': strToU8(`${JSON.stringify({ madeAt: at, sections: data }, null, 2)}\n`),
    }),
  )
}

const STYLE = `body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2329}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}div{overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #d0d3d6;padding:.4rem .6rem;text-align:left;vertical-align:top;word-break:break-word}
th{background:#f2f3f5;white-space:nowrap}p{color:#646a73}
@media(prefers-color-scheme:dark){body{background:#17181a;color:#e8eaed}th{background:#25272a}th,td{border-color:#3d4045}p{color:#a0a5ad}}`

/** A page of tables that needs nothing but itself. */
export function copyPage(sections: readonly CopySection[], at: string): string {
  const parts = sections.map(({ title, columns, rows }) => {
    if (rows.length === 0) return `<h2>${escaped(title)}</h2><p>没有记录</p>`
    const fields = Object.keys(columns)
    const head = fields.map((field) => `<th>${escaped(columns[field]!)}</th>`).join('')
    const body = rows.map(
      (row) => `<tr>${fields.map((field) => `<td>${escaped(cell(row[field]))}</td>`).join('')}</tr>`,
    )
    return `<h2>${escaped(title)}（${rows.length}）</h2><div><table><tr>${head}</tr>${body.join('')}</table></div>`
  })
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>我的数据</title><style>${STYLE}</style><h1>我的数据</h1>
<p>生成于 ${escaped(cell(at))}（北京时间）。这里是本站保存的与你有关的全部信息；同样的内容在 data.json 中，供程序读取。</p>
${parts.join('\n')}</html>
`
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/
const TIME = new Intl.DateTimeFormat('sv-SE', { timeZone: LOCAL_ZONE, dateStyle: 'short', timeStyle: 'medium' })

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? '是' : '否'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return INSTANT.test(text) ? TIME.format(new Date(text)) : text
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!)
