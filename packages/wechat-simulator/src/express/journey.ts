const HOUR_MS = 3_600_000

/** How a parcel fares: `stalled` goes silent on the road until it is told to go on. */
export const COURSES = ['delivered', 'stalled', 'problem', 'refused', 'returned'] as const
export type Course = (typeof COURSES)[number]

/** One line of a parcel's way, as its carrier will tell it. */
export interface Stop {
  /** Since the label was made, in life's own time. */
  afterMs: number
  /** Kuaidi100's number for the state: 0 in transit, 1 collected, 2 problem, 3 signed, 4 return signed, 5 delivering, 6 returning, 14 refused. */
  state: string
  text: string
  area: string
}

export interface Ends {
  /** Cities, when they are known; the carrier then names them. */
  from: string
  to: string
}

const stop = (hours: number, state: string, area: string, text: string): Stop => ({
  ...{ afterMs: hours * HOUR_MS, state, text, area },
})

/** The whole way of a parcel, oldest first. A stalled one ends on the road: what would follow is not to come. */
export function journeyOf(course: Course, { from, to }: Ends): Stop[] {
  const [here, there] = [from || '始发地', to || '目的地']
  const road = [
    stop(1, '1', from, `快件已由【${here}营业点】揽收`),
    stop(4, '0', from, `快件到达【${here}转运中心】，正在分拣`),
    stop(7, '0', from, `快件离开【${here}转运中心】，发往【${there}转运中心】`),
  ]
  if (course === 'stalled') return road
  const arrival = [
    stop(25, '0', to, `快件到达【${there}转运中心】`),
    stop(29, '0', to, `快件到达【${there}营业点】，等待派送`),
  ]
  const delivering = (hours: number) => stop(hours, '5', to, `快递员正在派送，请保持电话畅通`)
  const back = (hours: number) => stop(hours, '4', from, '退回的快件已由寄件人签收')
  if (course === 'returned')
    return [...road, ...arrival, stop(31, '6', to, '收件地址不详，联系不上收件人，快件退回寄件人'), back(60)]
  if (course === 'refused')
    return [
      ...[...road, ...arrival, delivering(33), stop(35, '14', to, '收件人拒收')],
      ...[stop(38, '6', to, '快件退回寄件人，已从营业点发出'), back(66)],
    ]
  const signed = (hours: number) => stop(hours, '3', to, '快件已签收，签收人：本人')
  if (course === 'problem')
    return [
      ...[...road, ...arrival, delivering(33), stop(35, '2', to, '派送不成功：电话无人接听，改天再派')],
      ...[delivering(57), signed(59)],
    ]
  return [...road, ...arrival, delivering(33), signed(36)]
}

/** Nothing more happens to a parcel in this state. */
export const isLast = (state: string): boolean => state === '3' || state === '4'

/** How many stops of a journey lie behind a parcel whose label is this old. */
export const stopsBehind = (stops: readonly Stop[], ageMs: number): number =>
  stops.filter((each) => each.afterMs <= ageMs).length
