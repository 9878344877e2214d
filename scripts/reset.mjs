// npm run reset [-- --yes]: deletes the data folder.
import { prepare } from './setup.mjs'

await prepare()
const { resetData } = await import('./launcher/reset.ts')
process.exit(await resetData(process.argv.slice(2)))
