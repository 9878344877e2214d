import QRCode from 'qrcode'
import { OpenRefusal } from './refusal.ts'

const SCENE = /^[0-9a-zA-Z!#$&'()*+,/:;=?@\-._~]{1,32}$/
const MIN_WIDTH = 280
const MAX_WIDTH = 1280
const USUAL_WIDTH = 430

/**
 * A code as `getwxacodeunlimit` makes it, here a QR code that says where it leads: WeChat's own round codes can be read
 * by WeChat only.
 */
export function miniCode(appid: string, body: Record<string, unknown>): Promise<Buffer> {
  const { scene, page = '', width = USUAL_WIDTH } = body
  if (typeof scene !== 'string' || !SCENE.test(scene)) throw new OpenRefusal(40169, 'invalid length for scene')
  if (typeof page !== 'string' || page.startsWith('/')) throw new OpenRefusal(41030, 'invalid page')
  if (typeof width !== 'number' || width < MIN_WIDTH || width > MAX_WIDTH) throw new OpenRefusal(40097, 'invalid args')
  const place = `weixin://mini/${appid}/${page}?scene=${encodeURIComponent(scene)}`
  return QRCode.toBuffer(place, { width, margin: 2, errorCorrectionLevel: 'M' })
}
