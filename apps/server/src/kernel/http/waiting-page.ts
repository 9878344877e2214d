export const WAIT_COOKIE = 'zg_wait'

/**
 * What a visitor sees while the shop cannot take more: a page without scripts, pictures or anything else to be fetched,
 * that asks again by itself. The place in the queue is kept in a cookie.
 */
export function waitingPage({ seconds, ahead }: { seconds: number; ahead: number }): string {
  const place = ahead > 0 ? `前面约有 <b>${ahead}</b> 人` : '马上就到您了'
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><meta http-equiv="refresh" content="${seconds}"><title>排队中 · 请稍候</title><style>html{height:100%;font:16px/1.7 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;background:#f6f4f0;color:#2b2723}body{display:grid;place-items:center;min-height:100%;margin:0}main{padding:24px;text-align:center;max-width:22em}h1{margin:.6em 0 .2em;font-size:22px;font-weight:600}p{margin:.3em 0;color:#6b645c}b{color:#b3261e;font-variant-numeric:tabular-nums}i{display:inline-block;width:10px;height:10px;margin:0 4px;border-radius:50%;background:#b3261e;animation:w 1.2s infinite ease-in-out}i:nth-child(2){animation-delay:.2s}i:nth-child(3){animation-delay:.4s}@keyframes w{0%,80%,100%{opacity:.2}40%{opacity:1}}@media(prefers-reduced-motion:reduce){i{animation:none}}@media(prefers-color-scheme:dark){html{background:#1b1917;color:#ece7e1}p{color:#a79f95}b{color:#ff8a80}i{background:#ff8a80}}</style></head><body><main role="status" aria-live="polite"><i></i><i></i><i></i><h1>人有点多，正在为您排队</h1><p>${place}，页面会在约 ${seconds} 秒后自动重试</p><p>请不要关闭或反复刷新：您的位置已保留</p></main></body></html>`
}
