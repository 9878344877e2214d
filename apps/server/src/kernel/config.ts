import { z } from 'zod'

const url = z.url()
const port = z.coerce.number().int().min(0).max(65535)
const flag = z.stringbool().default(false)
const pem = z.string().transform((text) => text.replaceAll('\\n', '\n'))

export const ROLES = ['all', 'api', 'worker', 'ingest', 'realtime'] as const
export type Role = (typeof ROLES)[number]

/** Every environment variable that the server reads. `.env.example` explains each in words. */
const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8080),
  PUBLIC_URL: url.transform((text) => text.replace(/\/+$/, '')).optional(),
  /** Addresses or networks of proxies in front, whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z.string().default('loopback'),
  ROLES: z
    .string()
    .default('all')
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(ROLES)).min(1)),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** 32 bytes in base64 or hex: signs and encrypts. Several separated by commas while keys are rotated, newest first. */
  SECRET_KEY: z.string().min(32),
  DATABASE_ADMIN_URL: url.optional(),
  DATABASE_URL: url,
  DATABASE_MAX_CONNECTIONS: z.coerce.number().int().min(2).max(500).default(16),
  CLICKHOUSE_URL: url.optional(),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^\w{1,64}$/)
    .default('zhanggui'),
  CLICKHOUSE_UNAVAILABLE: z.string().optional(),
  REDIS_URL: url.optional(),
  /** Connections at once. */
  HTTP_MAX_CONNECTIONS: z.coerce.number().int().min(10).default(20_000),
  /** Requests a second from one address (mobile carriers put thousands of people behind one), and how many at once. */
  REQUESTS_PER_ADDRESS: z.coerce.number().min(1).default(500),
  REQUESTS_PER_ADDRESS_BURST: z.coerce.number().int().min(1).default(5_000),
  /** Orders a second of one buyer, and how many at once. */
  ORDERS_PER_BUYER: z.coerce.number().min(0.01).default(2),
  ORDERS_PER_BUYER_BURST: z.coerce.number().int().min(1).default(20),
  FILES_DIR: z.string().default('.data/files'),
  S3_ENDPOINT: url.optional(),
  S3_REGION: z.string().default('auto'),
  S3_BUCKET: z.string().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_PUBLIC_URL: url.optional(),
  WECHAT_PAY_BASE_URL: url.default('https://api.mch.weixin.qq.com'),
  WECHAT_PAY_MCHID: z.string().optional(),
  WECHAT_PAY_MERCHANT_SERIAL: z.string().optional(),
  WECHAT_PAY_MERCHANT_PRIVATE_KEY: pem.optional(),
  WECHAT_PAY_APIV3_KEY: z.string().length(32).optional(),
  WECHAT_PAY_PUBLIC_KEY_ID: z.string().optional(),
  WECHAT_PAY_PUBLIC_KEY: pem.optional(),
  /** Partner mode: `WECHAT_PAY_MCHID` is the partner's, the money is this sub-merchant's. */
  WECHAT_PAY_PARTNER_SP_APPID: z.string().optional(),
  WECHAT_PAY_PARTNER_SUB_MCHID: z.string().optional(),
  WECHAT_PAY_PARTNER_SUB_APPID: z.string().optional(),
  WECHAT_API_BASE_URL: url.default('https://api.weixin.qq.com'),
  WECHAT_OAUTH_BASE_URL: url.default('https://open.weixin.qq.com'),
  WECOM_API_BASE_URL: url.default('https://qyapi.weixin.qq.com'),
  WECHAT_MINI_APPID: z.string().optional(),
  WECHAT_MINI_SECRET: z.string().optional(),
  WECHAT_MP_APPID: z.string().optional(),
  WECHAT_MP_SECRET: z.string().optional(),
  /** Kuaidi100 (快递100): where parcels are. */
  EXPRESS_BASE_URL: url.default('https://poll.kuaidi100.com'),
  EXPRESS_KEY: z.string().optional(),
  EXPRESS_CUSTOMER: z.string().optional(),
  /** Where the bundled simulator is, when it is in use; the storefront then offers its phone. */
  WECHAT_SIMULATOR_URL: url.optional(),
  /** Load the demo shop into an empty database. */
  ZHANGGUI_DEMO: flag,
  DATA_DIR: z.string().default('.data'),
})

export type Config = Readonly<z.infer<typeof Environment>> & { readonly publicUrl: string }

/** Reads the configuration; throws one error that lists everything that is wrong, in plain words. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Environment.safeParse(present)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`配置有误 (the configuration is not valid):\n${lines.join('\n')}`)
  }
  const config = parsed.data
  const halfSet = GROUPS.flatMap((group) => incomplete(config, group))
  if (halfSet.length > 0)
    throw new Error(
      `配置不完整，请补全或全部去掉 (incomplete configuration):\n${halfSet.map((line) => `  ${line}`).join('\n')}`,
    )
  return Object.freeze({ ...config, publicUrl: config.PUBLIC_URL ?? `http://${config.HOST}:${config.PORT}` })
}

/** Variables that mean something only together. */
const GROUPS = [
  ['WECHAT_PAY_MCHID', 'WECHAT_PAY_MERCHANT_SERIAL', 'WECHAT_PAY_MERCHANT_PRIVATE_KEY', 'WECHAT_PAY_APIV3_KEY'],
  ['WECHAT_PAY_PUBLIC_KEY_ID', 'WECHAT_PAY_PUBLIC_KEY'],
  ['WECHAT_PAY_PARTNER_SP_APPID', 'WECHAT_PAY_PARTNER_SUB_MCHID'],
  ['WECHAT_MINI_APPID', 'WECHAT_MINI_SECRET'],
  ['WECHAT_MP_APPID', 'WECHAT_MP_SECRET'],
  ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  ['EXPRESS_KEY', 'EXPRESS_CUSTOMER'],
] as const satisfies (keyof z.infer<typeof Environment>)[][]

function incomplete(
  config: z.infer<typeof Environment>,
  group: readonly (keyof z.infer<typeof Environment>)[],
): string[] {
  const missing = group.filter((name) => config[name] === undefined)
  return missing.length === 0 || missing.length === group.length
    ? []
    : missing.map((name) => `${name}: 未设置 (not set)`)
}

/** Whether this process does the work of `role`. */
export function hasRole(config: Config, role: Exclude<Role, 'all'>): boolean {
  return config.ROLES.includes('all') || config.ROLES.includes(role)
}

/** The keys of `SECRET_KEY`, newest first. */
export const secretKeys = (config: Pick<Config, 'SECRET_KEY'>): string[] =>
  config.SECRET_KEY.split(',').map((key) => key.trim())
