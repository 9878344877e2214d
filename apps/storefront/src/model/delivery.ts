import { nearTimeText } from './texts.ts'

/** When an order would be there, as a buyer reads it. */
export function promiseText(
  { promise, promisedAt }: { promise: string; promisedAt: string | null },
  nowMs: number,
): string {
  return promisedAt === null ? promise : `${promise}，最晚 ${nearTimeText(promisedAt, nowMs)}`
}

/** Where a map shows a place: WeChat's web map, which opens without a key. */
export function mapUrl(place: {
  name: string
  address: string
  location: { latitude: number; longitude: number } | null
}) {
  if (place.location === null)
    return `https://apis.map.qq.com/uri/v1/search?keyword=${encodeURIComponent(place.address)}&referer=zhanggui`
  const { latitude, longitude } = place.location
  const marker = `coord:${latitude},${longitude};title:${place.name};addr:${place.address}`
  return `https://apis.map.qq.com/uri/v1/marker?marker=${encodeURIComponent(marker)}&referer=zhanggui`
}

/** A code in two halves, so that it is read out easily. */
export const codeText = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`
