import { z } from 'zod'
import { Id, Instant, optionalText, PageQuery, page, ShopParams } from './common.ts'
import { routes } from './route.ts'
import { RoutingDecision, RoutingRuleSet, RoutingRules, RoutingTrial } from './routing.ts'

const RoutedOrder = z.object({ orderId: Id, orderNo: z.string(), placedAt: Instant, region: z.string() })

export const routingRoutes = routes({
  'console.routingRules': {
    method: 'GET',
    path: '/api/console/shops/:shopId/routing-rules',
    summary: 'The routing rules in force, in the order in which they are looked at',
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    response: RoutingRuleSet,
  },
  'console.saveRoutingRules': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/routing-rules',
    summary: 'Put another list of routing rules in force; the one before stays in the history',
    access: { audience: 'staff', permission: 'settings.write' },
    params: ShopParams,
    body: z.object({ version: z.int().min(0), rules: RoutingRules, note: optionalText(200) }),
    response: RoutingRuleSet,
    errors: ['CONFLICT', 'NOT_FOUND'],
  },
  'console.routingVersions': {
    method: 'GET',
    path: '/api/console/shops/:shopId/routing-rules/versions',
    summary: 'Every version of the routing rules, newest first',
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    query: PageQuery,
    response: page(RoutingRuleSet),
  },
  'console.tryRouting': {
    method: 'POST',
    path: '/api/console/shops/:shopId/routing-rules/try',
    summary: 'Where an order that is thought of, or an earlier one, would go, by whom, and why; changes nothing',
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    body: z
      .object({
        trial: RoutingTrial.optional(),
        /** An earlier order, by its number. */
        orderNo: z.string().trim().min(1).max(32).optional(),
        /** Rules that are not in force yet; left out: those in force. */
        rules: RoutingRules.optional(),
      })
      .refine(
        (body) => (body.trial === undefined) !== (body.orderNo === undefined),
        '请填写收货地址和商品，或选择订单',
      ),
    response: z.object({
      decision: RoutingDecision,
      /** With today's stock. */
      warehouses: z.array(z.object({ id: Id, name: z.string(), units: z.int() })),
      /** What is short, when not everything is there. */
      short: z.string().nullable(),
      totalFen: z.int(),
      weightGrams: z.int(),
      order: RoutedOrder.nullable(),
    }),
    errors: ['NOT_FOUND'],
  },
  'console.dryRunRouting': {
    method: 'POST',
    path: '/api/console/shops/:shopId/routing-rules/dry-run',
    summary: 'What these rules would have decided otherwise for the last orders than those in force; changes nothing',
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    body: z.object({ rules: RoutingRules, last: z.int().min(1).max(200).default(50) }),
    response: z.object({
      looked: z.int(),
      changed: z
        .array(
          RoutedOrder.extend({
            changes: z.array(z.object({ what: z.string(), before: z.string(), after: z.string() })),
          }),
        )
        .max(200),
      /** How many of the orders each rule matches, before and after. */
      matches: z.array(z.object({ ruleId: Id, name: z.string(), before: z.int(), after: z.int() })),
    }),
  },
})
