// npm start [-- --port=8080] [--role=api,worker]: installs what is missing, then starts everything.
import { prepare } from './setup.mjs'

await prepare()
const { startShop } = await import('./launcher/main.ts')
process.exit(await startShop(process.argv.slice(2)))
