/** Visitors in a process of their own who read one address again and again. */
import { driveLoad, type LoadResult } from './http-load.ts'

export type ReadResult = LoadResult

export interface ReadInput {
  port: number
  path: string
  connections: number
  seconds: number
}

process.on('message', ({ port, path, connections, seconds }: ReadInput) => {
  const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`
  driveLoad({ ports: [port], connections, seconds, request: () => request }).then(
    (result) => process.send!(result),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
