import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startSimulator } from './simulator.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.SIMULATOR_PORT ?? '4010' },
    host: { type: 'string', default: process.env.SIMULATOR_HOST ?? '127.0.0.1' },
    data: { type: 'string', default: process.env.SIMULATOR_DATA ?? '.data/wechat-simulator' },
    'public-url': { type: 'string', default: process.env.SIMULATOR_PUBLIC_URL },
  },
})

const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port must be between 0 and 65535, not ${values.port}`)
  process.exit(2)
}

const simulator = await startSimulator({
  port,
  host: values.host,
  data: resolve(values.data),
  ...(values['public-url'] && { publicUrl: values['public-url'] }),
})
console.log(`READY ${JSON.stringify({ url: simulator.url })}`)

let closing = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (closing) return
    closing = true
    void simulator.close().then(() => process.exit(0))
  })
}
