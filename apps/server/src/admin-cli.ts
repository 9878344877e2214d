/**
 * `npm run admin:create -- --account NAME [--name 姓名] [--shop SLUG --shop-name 店名]`: the first person of an
 * installation. Without `--shop` an administrator of the platform, who opens shops in the console; with it the owner of
 * a new shop. The password is made up and printed once.
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createApp } from './app.ts'
import { prepareDatabase } from './database.ts'
import { readConfig } from './kernel/config.ts'
import { createLogger } from './kernel/log.ts'

const USAGE = '用法 usage: npm run admin:create -- --account NAME [--name 姓名] [--shop SLUG --shop-name 店名]'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      account: { type: 'string' },
      name: { type: 'string' },
      shop: { type: 'string' },
      'shop-name': { type: 'string' },
    },
  })
  const account = values.account?.trim().toLowerCase() ?? ''
  if (!/^[a-z0-9][a-z0-9._@-]{2,63}$/.test(account)) throw new Error(USAGE)
  const config = readConfig(process.env)
  const log = createLogger({ level: 'warn' })
  const app = await createApp(await prepareDatabase(config, () => {}), { log })
  try {
    const password = randomBytes(12).toString('base64url')
    const person = { account, name: values.name ?? account, password }
    if (values.shop !== undefined)
      await app.openShop({ slug: values.shop, name: values['shop-name'] ?? values.shop, owner: person })
    else if (!(await app.ensurePlatformStaff(person))) throw new Error(`账号已存在 (the account exists): ${account}`)
    console.log(`${config.publicUrl}/console  账号 account: ${account}  密码 password: ${password}`)
  } finally {
    await app.close()
  }
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
