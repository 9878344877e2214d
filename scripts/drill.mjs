// npm run drill [-- name]: kills, fills or stops something under load, then compares what buyers were told with the books.
import { prepare } from './setup.mjs'

await prepare()
const { runDrill } = await import('./testing/drill.ts')
process.exitCode = await runDrill(process.argv[2])
