import type { Server, Socket } from 'node:net'

/** Who takes less than this in a check's time while an answer waits is not reading it. */
const LEAST_BYTES = 4_096
const CHECK_MS = 15_000

/**
 * Closes connections whose other end does not take its answer: each keeps what it was answered in our memory. Looks from
 * time to time; whoever took next to nothing since the last look is closed.
 */
export function closeSlowReaders(server: Server, { checkMs = CHECK_MS, leastBytes = LEAST_BYTES } = {}): void {
  const taken = new Map<Socket, number | undefined>()
  server.on('connection', (socket: Socket) => {
    taken.set(socket, undefined)
    socket.once('close', () => taken.delete(socket))
  })
  const timer = setInterval(() => {
    for (const [socket, before] of taken) {
      const isWaiting = socket.writableLength > 0
      const now = isWaiting ? socket.bytesWritten - socket.writableLength : undefined
      if (now !== undefined && before !== undefined && now - before < leastBytes) socket.destroy()
      else taken.set(socket, now)
    }
  }, checkMs)
  timer.unref()
  server.once('close', () => clearInterval(timer))
}
