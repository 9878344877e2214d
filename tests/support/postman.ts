import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A notification as WeChat sent it. */
export interface Letter {
  path: string
  headers: Record<string, string>
  body: string
}

/** Stands between WeChat and the shop: delivers, or loses, and keeps every letter to deliver it again, changed or not. */
export interface Postman {
  url: string
  letters: Letter[]
  /** While true, letters get lost: WeChat is answered with a failure and tries again later. */
  isLosing: boolean
  /** Where letters go. */
  target: string
  /** Brings a letter to the shop; answers the shop's status. */
  deliver(letter: Letter): Promise<number>
  close(): Promise<void>
}

const NOT_PASSED_ON = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive']

export async function startPostman(): Promise<Postman> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', async () => {
      const letter = {
        path: request.url ?? '/',
        headers: plain(request.headers),
        body: Buffer.concat(parts).toString(),
      }
      postman.letters.push(letter)
      response.writeHead(postman.isLosing ? 502 : await postman.deliver(letter)).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const postman: Postman = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letters: [],
    isLosing: false,
    target: '',
    async deliver({ path, headers, body }) {
      const response = await fetch(postman.target + path, { method: 'POST', headers, body })
      await response.arrayBuffer()
      return response.status
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return postman
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.includes(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
}
