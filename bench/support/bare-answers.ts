/** A Fastify behind which nothing is: it answers the texts that it was told, in a process of its own. */
import Fastify from 'fastify'

const app = Fastify()
const answers = new Map<string, string>()
app.get('/*', (request, reply) => reply.type('application/json; charset=utf-8').send(answers.get(request.url)))
await app.listen({ port: 0, host: '127.0.0.1' })
process.on('message', ({ path, body }: { path: string; body: string }) => {
  answers.set(path, body)
  process.send!({ told: path })
})
process.send!({ port: (app.server.address() as { port: number }).port })
