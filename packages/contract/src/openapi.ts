import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { ERRORS, type ErrorCode } from './errors.ts'
import { ROUTES } from './index.ts'
import type { Access, RouteSpec } from './route.ts'

const ErrorAnswer = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
      message: z.string(),
      messageEn: z.string(),
      field: z.string().optional(),
      data: z.record(z.string(), z.unknown()).optional(),
      retryAfterSeconds: z.int().optional(),
      requestId: z.string(),
    }),
  })
  .meta({ id: 'Error' })

const MEDIA = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  binary: 'application/octet-stream',
  text: 'text/plain',
}

/** The OpenAPI 3.1 document of every route, made from the contract. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const [id, route] of Object.entries(ROUTES) as [string, RouteSpec][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(id, route) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Zhanggui 掌柜',
      version: '0.1.0',
      description: 'Money is in fen, instants are UTC, lists are keyset-paginated.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: {
        buyerToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'Buyer session (mini program); the web uses a cookie',
        },
        buyerCookie: { type: 'apiKey', in: 'cookie', name: 'zg_buyer' },
        staffCookie: { type: 'apiKey', in: 'cookie', name: 'zg_staff' },
      },
    },
    paths: paths as ZodOpenApiPathsObject,
  })
}

function operation(id: string, route: RouteSpec): ZodOpenApiOperationObject {
  const header = route.idempotent ? z.object({ 'idempotency-key': z.string().min(8).max(64) }) : undefined
  return {
    operationId: id,
    summary: route.summary,
    tags: [id.split('.')[0]!],
    description: describeAccess(route.access),
    security: security(route.access),
    requestParams: {
      ...(route.params ? { path: route.params as z.ZodObject } : {}),
      ...(route.query ? { query: route.query as z.ZodObject } : {}),
      ...(header ? { header } : {}),
    },
    ...requestBody(route),
    responses: { ...success(route), ...failures(route) },
  }
}

function requestBody(route: RouteSpec): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (route.consumes === 'file')
    return {
      requestBody: {
        content: {
          'multipart/form-data': {
            schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } },
          },
        },
      },
    }
  if (route.consumes === 'raw')
    return { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } }
  return route.body ? { requestBody: { content: { 'application/json': { schema: route.body } } } } : {}
}

function success(route: RouteSpec): ZodOpenApiOperationObject['responses'] {
  if (route.produces === 'redirect') return { '302': { description: 'Redirect' } }
  if (route.produces)
    return { '200': { description: 'OK', content: { [MEDIA[route.produces]]: { schema: { type: 'string' } } } } }
  return {
    '200': {
      description: 'OK',
      ...(route.response ? { content: { 'application/json': { schema: route.response } } } : {}),
    },
  }
}

function failures(route: RouteSpec): ZodOpenApiOperationObject['responses'] {
  const codes = new Set<ErrorCode>(route.errors)
  if (route.params || route.query || route.body) codes.add('VALIDATION_FAILED')
  if (route.access.audience !== 'public' && route.access.audience !== 'guest') codes.add('SIGN_IN_REQUIRED')
  if ('permission' in route.access || route.access.audience === 'member') codes.add('FORBIDDEN')
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      String(status),
      { description: list.join(', '), content: { 'application/json': { schema: ErrorAnswer } } },
    ]),
  )
}

function security(access: Access): ZodOpenApiOperationObject['security'] {
  if (access.audience === 'buyer') return [{ buyerToken: [] }, { buyerCookie: [] }]
  if (['staff', 'member', 'staff-self', 'platform'].includes(access.audience)) return [{ staffCookie: [] }]
  return []
}

function describeAccess(access: Access): string {
  return 'permission' in access
    ? `Access: ${access.audience}, permission \`${access.permission}\``
    : `Access: ${access.audience}`
}
