import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { ControlRefusal } from '../control/refusal.ts'
import type { World } from '../world.ts'
import { COURSES } from './journey.ts'

const number = z.string().regex(/^[A-Za-z0-9-]{5,32}$/, '运单号由 5–32 位字母、数字或 - 组成')
const city = z.string().trim().max(20).default('')
const planSchema = z.strictObject({
  number,
  course: z.enum(COURSES).default('delivered'),
  from: city,
  to: city,
  age_hours: z.number().min(0).max(720).default(0),
})
const courseSchema = z.strictObject({ course: z.enum(COURSES) })
const pageSchema = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) })

/** Driving parcels by hand: what no carrier would let anybody do. */
export function parcelRoutes(app: FastifyInstance, world: World): void {
  const shown = (of: string) => {
    const { salt: _salt, ...parcel } = world.parcels.find(of)!
    return { ...parcel, lines: world.parcels.lines(of).toReversed(), pushes: world.pushes.list(of, 3) }
  }
  const existing = (params: unknown): string => {
    const { number: of } = z.object({ number }).parse(params)
    if (!world.parcels.find(of)) throw new ControlRefusal(`没有这个包裹：${of}`)
    return of
  }
  app.get('/__sim/parcels', (request) => ({
    parcels: world.parcels.list(pageSchema.parse(request.query).limit).map((parcel) => shown(parcel.number)),
  }))
  app.post('/__sim/parcels', (request, reply) => {
    const { age_hours: ageHours, ...plan } = planSchema.parse(request.body)
    if (!world.parcels.plan({ ...plan, ageHours })) throw new ControlRefusal('包裹已在路上，请改用「走法」', 409)
    return reply.code(201).send(shown(plan.number))
  })
  app.post('/__sim/parcels/:number/move', (request) => {
    const of = existing(request.params)
    if (!world.parcels.move(of)) throw new ControlRefusal('没有下一站：还没有商家订阅，或已经走完、停滞', 409)
    world.agenda.wake()
    return shown(of)
  })
  app.post('/__sim/parcels/:number/course', (request) => {
    const of = existing(request.params)
    if (!world.parcels.steer(of, courseSchema.parse(request.body).course))
      throw new ControlRefusal('包裹已经走完，不能再改', 409)
    world.agenda.wake()
    return shown(of)
  })
}
