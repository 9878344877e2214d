import type { FreightTemplate } from '@zhanggui/contract'
import type { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import type { Caller } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import type { OrdersDeps } from './deps.ts'
import { changeFreight, createFreight, removeFreight } from './freight.ts'
import { staffActor } from './routes-console.ts'
import { type FreightRow, freightTemplates } from './store-freight.ts'

type FreightView = z.input<typeof FreightTemplate>

export function freightHandlers(deps: OrdersDeps): Handlers {
  const { db } = deps
  return {
    'console.freightTemplates': ({ params: { shopId } }) =>
      db.read({ shopId }, async (tx) => ({ items: await views(tx, deps, shopId, await freightTemplates(tx, shopId)) })),

    'console.createFreightTemplate': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const row = await createFreight(tx, deps, call.params.shopId, call.body)
        await record(tx, deps, call, row, 'orders.create-freight', '新增')
        return view(row, 0)
      }),

    'console.updateFreightTemplate': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId, templateId } = call.params
        const row = await changeFreight(tx, deps, shopId, templateId, call.body)
        const [answer] = await views(tx, deps, shopId, [row])
        await record(tx, deps, call, row, 'orders.change-freight', '修改')
        return answer!
      }),

    'console.deleteFreightTemplate': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const row = await removeFreight(tx, deps, call.params.shopId, call.params.templateId)
        await record(tx, deps, call, row, 'orders.remove-freight', '删除')
        return { ok: true as const }
      }),
  }
}

async function views(tx: Tx, deps: OrdersDeps, shopId: string, rows: readonly FreightRow[]): Promise<FreightView[]> {
  const counts = await deps.productsByFreight(tx, shopId)
  return rows.map((row) => view(row, counts.get(row.id) ?? 0))
}

const view = ({ shopId: _, ...row }: FreightRow, productCount: number): FreightView => ({
  ...row,
  rules: row.rules.map((rule) => ({ ...rule, provinces: [...rule.provinces] })),
  productCount,
})

async function record(
  tx: Tx,
  { clock }: OrdersDeps,
  call: { caller: Caller; ip: string; requestId: string },
  row: FreightRow,
  action: string,
  verb: string,
): Promise<void> {
  const { shopId, id: entityId, name } = row
  const { ip, requestId } = call
  const summary = `${verb}运费模板「${name}」`
  await audit(tx, clock, {
    shopId,
    actor: staffActor(call.caller),
    action,
    entity: 'freight-template',
    entityId,
    summary,
    after: row,
    ip,
    requestId,
  })
}
