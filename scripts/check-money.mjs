// npm run check:money [-- orders kills seed]: random buyers, every fault of WeChat, a server that is killed; then the books.
import { prepare } from './setup.mjs'

await prepare()
const { runMoneyCheck } = await import('./testing/check-money.ts')
process.exitCode = await runMoneyCheck(process.argv.slice(2))
