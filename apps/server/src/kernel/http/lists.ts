import { ROUTES, type RouteId, type RouteSpec } from '@zhanggui/contract'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { StaffCaller } from './caller.ts'
import { type Call, type Handler, inScope } from './mount.ts'

/** For whom a list is read, as its own route would be told. */
export interface ListCall {
  shopId: string
  caller: StaffCaller
  ip: string
  requestId: string
  /** Parameters of the address beside the shop. */
  params?: Record<string, string>
  query?: Record<string, unknown>
}

export interface ListPage {
  items: Record<string, unknown>[]
  nextCursor: string | null
}

/**
 * The console's lists, read by the program for a member of staff. It is the very handler of the route that answers,
 * so that permission, scope and masking are the route's own; search and export see nothing that the list would not
 * show.
 */
export interface ListReader {
  /** Whether the caller may read the route. */
  may(id: string, caller: StaffCaller): boolean
  /** Checks permission and filters. @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED */
  check(id: string, call: ListCall): void
  /** One page. @throws AppError as `check`, and whatever the route throws */
  page(id: string, call: ListCall, cursor: string | undefined, limit: number): Promise<ListPage>
  /** The schema of a row. @throws AppError NOT_FOUND */
  row(id: string): z.ZodType
}

/** Reads lists through the handlers that `handlerOf` finds; it is asked late, when all modules are there. */
export function createListReader(handlerOf: (id: RouteId) => Handler<RouteId> | undefined): ListReader {
  const prepare = (id: string, call: ListCall, page: { cursor?: string | undefined; limit: number }) => {
    const route = listRoute(id)
    if (!allows(route, call.caller))
      throw new AppError('FORBIDDEN', {
        values: { permission: 'permission' in route.access ? route.access.permission : id },
      })
    return {
      params: parsed(route.params, { ...call.params, shopId: call.shopId }),
      query: parsed(route.query, { ...call.query, ...page }),
    }
  }
  return {
    may: (id, caller) => allows(listRoute(id), caller),
    check: (id, call) => void prepare(id, call, { limit: 1 }),
    async page(id, call, cursor, limit) {
      const { params, query } = prepare(id, call, { cursor, limit })
      const { caller, ip, requestId } = call
      const handler = handlerOf(id as RouteId)
      if (!handler) throw notFound(id)
      const listed = { params, query, body: undefined, caller, ip, requestId } as unknown as Call
      const answer = await inScope(listRoute(id), { ...caller, shopId: call.shopId }, () => handler(listed))
      // The schema drops what the list would not show.
      const { items, nextCursor } = listRoute(id).response!.parse(answer) as ListPage
      return { items, nextCursor: nextCursor ?? null }
    },
    row: (id) => itemSchema(listRoute(id))!,
  }
}

function listRoute(id: string): RouteSpec {
  const route = Object.hasOwn(ROUTES, id) ? (ROUTES[id as RouteId] as RouteSpec) : undefined
  if (route?.method !== 'GET' || !itemSchema(route) || !isShops(route)) throw notFound(id)
  return route
}

const isShops = ({ access }: RouteSpec): boolean => access.audience === 'staff' || access.audience === 'member'

const notFound = (id: string) => new AppError('NOT_FOUND', { values: { what: `列表 ${id}` } })

const allows = ({ access }: RouteSpec, caller: StaffCaller): boolean =>
  access.audience === 'member' || ('permission' in access && caller.permissions.has(access.permission))

/** Of an answer that has items, what one of them is. */
function itemSchema(route: RouteSpec): z.ZodType | undefined {
  const { response } = route
  if (!(response instanceof z.ZodObject)) return undefined
  const items: unknown = response.shape.items
  return items instanceof z.ZodArray ? (items.element as z.ZodType) : undefined
}

function parsed(schema: z.ZodType | undefined, input: Record<string, unknown>): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const field = issue.path.join('.') || 'query'
  throw new AppError('VALIDATION_FAILED', { values: { field, reason: issue.message }, field })
}
