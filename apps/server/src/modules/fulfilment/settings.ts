import { Carrier } from '@zhanggui/contract'
import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

export const defaultCarrier = defineSetting({
  name: 'fulfilment.default-carrier',
  schema: Carrier,
  default: 'ZTO',
  title: { zh: '默认快递公司', en: 'Usual carrier' },
  help: { zh: '没有发货规则指定快递时使用', en: 'Takes what no routing rule gives to another carrier' },
  scopes: ['platform', 'shop'],
  group: 'fulfilment',
})

export const undoSeconds = defineSetting({
  name: 'fulfilment.undo-seconds',
  schema: z.int().min(0).max(3600),
  default: 60,
  unit: 'seconds',
  title: { zh: '扫码发货可撤销时间', en: 'Time to undo a scanned parcel' },
  help: {
    zh: '扫运单号后这段时间内可以撤销，之后自动交接、通知买家；0 表示立即发货',
    en: 'A parcel whose tracking number was scanned can be taken back for so long; then it is handed over and the buyer is told. 0 ships at once',
  },
  scopes: ['platform', 'shop'],
  group: 'fulfilment',
})

export const waveMaxParcels = defineSetting({
  name: 'fulfilment.wave-max-parcels',
  schema: z.int().min(1).max(200),
  default: 50,
  unit: 'parcels',
  title: { zh: '每个波次最多包裹数', en: 'Parcels in a wave' },
  help: { zh: '超过时自动分成多个波次', en: 'More than this become several waves' },
  scopes: ['platform', 'shop'],
  group: 'fulfilment',
})
