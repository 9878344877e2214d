import { useEffect, useRef, useState } from 'react'
import { backoffMs } from './backoff.ts'

/** The part of a WebSocket that the connection uses. */
export interface Socket {
  send(text: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((message: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
}

export interface LiveOptions {
  open: () => Socket
  topic: string
  onEvent: (data: unknown) => void
  /** Too much was missed to be told one by one, or what changed is not told to this person: load anew. */
  onReset: () => void
  onState: (connected: boolean) => void
  /** Runs something later; gives back how to call it off. */
  later: (work: () => void, ms: number) => () => void
  random: () => number
}

/** The server closes with it when it was not understood; trying again would not help. */
const NOT_UNDERSTOOD = 1008

interface Message {
  type: 'subscribed' | 'event' | 'reset' | 'refused' | 'pong'
  topic: string
  cursor?: string
  data?: unknown
  reason?: string
}

/**
 * Follows a topic of the server's event stream. After a break it connects again, later and later, and asks
 * for everything behind the last cursor it was given, so that nothing is missed and nothing is told twice.
 */
export function followTopic(options: LiveOptions): () => void {
  let after: string | undefined
  let attempt = 0
  let stopped = false
  let socket: Socket | undefined
  let cancelRetry = () => {}
  const receive = (message: Message) => {
    if (message.type === 'refused') {
      // Without the permission there is nothing to wait for; anything else may pass.
      stopped = message.reason !== 'unavailable'
      return socket?.close()
    }
    if (typeof message.cursor !== 'string') return
    if (message.type === 'event') {
      if (message.cursor === after) return
      options.onEvent(message.data)
    } else if (message.type === 'subscribed' || message.type === 'reset') {
      // A reset stands in the place of "subscribed", too: the line is up.
      attempt = 0
      options.onState(true)
      if (message.type === 'reset') options.onReset()
    }
    after = message.cursor
  }
  const connect = () => {
    const mine = options.open()
    socket = mine
    mine.onopen = () =>
      mine.send(JSON.stringify({ type: 'subscribe', topic: options.topic, ...(after === undefined ? {} : { after }) }))
    mine.onmessage = ({ data }) => {
      const message = readMessage(data)
      if (message?.topic === options.topic && socket === mine) receive(message)
    }
    mine.onclose = ({ code }) => {
      options.onState(false)
      if (!stopped && code !== NOT_UNDERSTOOD)
        cancelRetry = options.later(connect, backoffMs(attempt++, options.random))
    }
  }
  connect()
  return () => {
    stopped = true
    cancelRetry()
    socket?.close()
  }
}

function readMessage(data: unknown): Message | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const message: unknown = JSON.parse(data)
    return typeof message === 'object' && message !== null && 'type' in message ? (message as Message) : undefined
  } catch {
    return undefined
  }
}

/** Follows a topic while the component is shown; tells whether the line is up. No topic follows nothing. */
export function useLive(
  topic: string | undefined,
  listeners: { onEvent: (data: unknown) => void; onReset: () => void },
): boolean {
  const [connected, setConnected] = useState(false)
  const latest = useRef(listeners)
  latest.current = listeners
  useEffect(() => {
    if (topic === undefined) return
    return followTopic({
      open: () =>
        new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`) as unknown as Socket,
      topic,
      onEvent: (data) => latest.current.onEvent(data),
      onReset: () => latest.current.onReset(),
      onState: setConnected,
      later: (work, ms) => {
        const timer = setTimeout(work, ms)
        return () => clearTimeout(timer)
      },
      random: Math.random,
    })
  }, [topic])
  return connected
}
