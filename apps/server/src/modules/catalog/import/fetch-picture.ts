import { lookup as resolveAll } from 'node:dns/promises'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { AppError } from '../../../kernel/errors.ts'

export interface FetchOptions {
  allowPrivate: boolean
  maxBytes: number
  timeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 15_000
const MAX_REDIRECTS = 3
const TOO_SLOW = '下载超时'

/** Everything that is not the public internet (RFC 6890): our own machine and network must not be asked for pictures. */
const PRIVATE_V4 = new BlockList()
const PRIVATE_V6 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  PRIVATE_V4.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE_V6.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address lies outside the public internet. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  // One list for both would apply the rule for IPv4 written as IPv6 to every IPv4 address.
  return family === 0 || (family === 4 ? PRIVATE_V4.check(address, 'ipv4') : PRIVATE_V6.check(address, 'ipv6'))
}

/**
 * Fetches a picture by HTTP or HTTPS. The address that is connected to is the one that was checked, also after a
 * redirect, so a name that resolves differently the second time gains nothing.
 * @throws AppError FILE_REFUSED with the reason: not an address of the web, private, too large, too slow, an error.
 */
export async function fetchPicture(address: string, options: FetchOptions): Promise<Buffer> {
  const signal = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  let url = parsed(address, address)
  for (let redirects = 0; ; redirects++) {
    const response = await request(url, address, options.allowPrivate, signal)
    const { statusCode = 0, headers } = response
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.destroy()
      if (redirects >= MAX_REDIRECTS) throw refused(address, '跳转次数过多')
      url = parsed(URL.parse(headers.location, url.href)?.href ?? '', address)
      continue
    }
    if (statusCode !== 200) {
      response.destroy()
      throw refused(address, `服务器返回 ${statusCode}`)
    }
    return read(response, address, options.maxBytes, signal)
  }
}

function parsed(text: string, address: string): URL {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw refused(address, '不是 http 或 https 网址')
  if (url.username !== '' || url.password !== '') throw refused(address, '网址里不能带账号密码')
  return url
}

async function request(
  url: URL,
  address: string,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !allowPrivate && isPrivateAddress(host)) throw refused(address, '不允许从内网地址下载')
  let isPrivate = false
  const lookup: LookupFunction = (hostname, { all }, callback) => {
    resolveAll(hostname, { all: true }).then(
      (found) => {
        isPrivate = !allowPrivate && found.some((each) => isPrivateAddress(each.address))
        if (isPrivate || found.length === 0) callback(new Error('private address'), [])
        else if (all) callback(null, found)
        else callback(null, found[0]!.address, found[0]!.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    )
  }
  const client = url.protocol === 'https:' ? https : http
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = client.request(
      url,
      { lookup, signal, agent: false, headers: { accept: 'image/*', 'user-agent': 'Zhanggui/1 (+picture import)' } },
      resolve,
    )
    sent.on('error', (error) => reject(refused(address, reasonOf(error, isPrivate), error)))
    sent.end()
  })
}

async function read(
  response: IncomingMessage,
  address: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const tooLarge = () => refused(address, `图片超过 ${Math.floor(maxBytes / 1024 / 1024)} MB`)
  const chunks: Buffer[] = []
  let size = 0
  try {
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof AppError ? error : refused(address, signal.aborted ? TOO_SLOW : '下载中断', error)
  } finally {
    response.destroy()
  }
  return Buffer.concat(chunks)
}

function reasonOf(error: Error & { code?: string }, isPrivate: boolean): string {
  if (isPrivate) return '不允许从内网地址下载'
  if (error.name === 'TimeoutError' || error.name === 'AbortError' || error.code === 'ABORT_ERR') return TOO_SLOW
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return '找不到这个网站'
  return '下载失败'
}

const refused = (address: string, reason: string, cause?: unknown): AppError =>
  new AppError('FILE_REFUSED', { values: { name: address.slice(0, 200), reason }, cause })
