import { expect, test } from 'vitest'
import { z } from 'zod'
import { hundredthsOfShown, settingField, shownOfHundredths } from './setting-field.ts'

const field = (schema: z.ZodType, unit: string | null = null) =>
  settingField(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>, unit)

test('a switch for a boolean, a choice for an enum', () => {
  expect(field(z.boolean())).toEqual({ kind: 'boolean' })
  expect(field(z.enum(['goods', 'total']))).toEqual({ kind: 'enum', options: ['goods', 'total'] })
})

test('a number keeps its bounds, and the bounds of safe integers are none', () => {
  expect(field(z.int().min(1).max(1440), 'minutes')).toEqual({ kind: 'number', integer: true, min: 1, max: 1440 })
  expect(field(z.int())).toEqual({ kind: 'number', integer: true })
  expect(field(z.number().min(0.5))).toEqual({ kind: 'number', integer: false, min: 0.5 })
})

test('the unit decides between money, per cent and a plain number', () => {
  expect(field(z.int().min(0).max(5000), 'fen')).toEqual({ kind: 'money', min: 0, max: 5000 })
  expect(field(z.int().min(0).max(10_000), 'bp')).toEqual({ kind: 'hundredths', min: 0, max: 10_000 })
})

test('texts are one line or several, lists are tags, the rest is JSON', () => {
  expect(field(z.string().max(60))).toEqual({ kind: 'text', maxLength: 60, multiline: false })
  expect(field(z.string().max(500))).toEqual({ kind: 'text', maxLength: 500, multiline: true })
  expect(field(z.string().meta({ format: 'picture' }))).toEqual({ kind: 'picture' })
  expect(field(z.array(z.string().max(20)).max(5))).toEqual({ kind: 'list', maxItems: 5 })
  expect(field(z.object({ a: z.int() }))).toEqual({ kind: 'json' })
})

test('per cent and basis points are each other', () => {
  expect(shownOfHundredths(1250)).toBe(12.5)
  expect(hundredthsOfShown(12.5)).toBe(1250)
  expect(hundredthsOfShown(shownOfHundredths(7))).toBe(7)
})
