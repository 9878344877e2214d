import { createServer } from 'node:net'
import { EngineError } from './errors.ts'

/** Tries to listen; resolves to the port that was bound and released, or to null when it is taken. */
function probe(port: number, host: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null)
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address ? address.port : port
      server.close(() => resolve(bound))
    })
  })
}

/** A port on loopback that nobody listens on right now. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const port = await probe(0, host)
  if (port === null) throw new Error(`No free port on ${host}`)
  return port
}

/** The remembered port when it is still free, else another one. For engines that only our own programs talk to. */
export async function freePortNear(preferred: number | undefined, host = '127.0.0.1'): Promise<number> {
  if (preferred !== undefined && preferred > 0 && (await probe(preferred, host)) !== null) return preferred
  return freePort(host)
}

/**
 * Makes sure that a port people were promised is free.
 * @param setting what to set to use another one, for example `PORT`.
 * @throws EngineError PORT_TAKEN
 */
export async function requirePort(port: number, setting: string, host = '127.0.0.1'): Promise<number> {
  if ((await probe(port, host)) !== null) return port
  throw new EngineError(
    'PORT_TAKEN',
    `端口 ${port} 已被别的程序占用(或没有权限使用)。请关闭那个程序,或设置 ${setting} 换一个端口,例如 ${setting}=${suggestion(port)}。`,
    `Port ${port} is taken by another program (or may not be used). Stop that program, or set ${setting} to another port, for example ${setting}=${suggestion(port)}.`,
  )
}

function suggestion(port: number): number {
  return port < 1024 ? port + 8000 : port >= 65_000 ? port - 1000 : port + 1
}
