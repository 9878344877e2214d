import { createKuaidi100, type Express } from './adapters/express/index.ts'
import type { Config } from './kernel/config.ts'

/** The parcel tracking this installation is configured for; undefined when none is. */
export function connectExpress(config: Config): Express | undefined {
  const { EXPRESS_BASE_URL: baseUrl, EXPRESS_KEY: key, EXPRESS_CUSTOMER: customer } = config
  return key && customer ? createKuaidi100({ baseUrl, key, customer }) : undefined
}
