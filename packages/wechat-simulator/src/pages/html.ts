/** Text made safe for HTML, in element content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** JSON made safe for a script element. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

/** An address a browser may be sent to; anything but http(s) is dropped, `javascript:` first of all. */
export function safeReturn(address: string | undefined): URL | undefined {
  if (!address || address.length > 2048 || !URL.canParse(address)) return undefined
  const url = new URL(address)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined
}

/** The frame of every page: head, style, body. */
export function page(title: string, bodyClass: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/__sim/assets/phone.css">
</head>
<body class="${bodyClass}">
${body}
</body>
</html>
`
}
