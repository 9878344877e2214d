import type { FastifyInstance } from 'fastify'
import type { HttpOptions } from './server.ts'

/** Response headers that keep browsers strict. Pages that need an inline script add their own CSP with a hash. */
export function secureHeaders(app: FastifyInstance, options: Pick<HttpOptions, 'https' | 'trustedOrigins'>): void {
  const trusted = options.trustedOrigins.join(' ')
  const policy = [
    "default-src 'self'",
    `img-src 'self' data: blob: ${trusted}`.trim(),
    `media-src 'self' blob: ${trusted}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "script-src 'self'",
    "connect-src 'self'",
    `form-action 'self' ${trusted}`.trim(),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')
  const always = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(self), payment=(self)',
    'cross-origin-opener-policy': 'same-origin',
    ...(options.https && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  }
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', policy)
    reply.headers(always)
    reply.header('x-request-id', request.id)
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    done(null, payload)
  })
}
