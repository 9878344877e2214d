import type { FastifyRequest } from 'fastify'

const HURRIED = new WeakSet<FastifyRequest>()

/** Marks a call whose work is to be finished, and announced, before it is answered (fault `notify_first`). */
export const hurry = (request: FastifyRequest) => HURRIED.add(request)
export const isHurried = (request: FastifyRequest) => HURRIED.has(request)
