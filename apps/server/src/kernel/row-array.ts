/** PostgreSQL's own types, by the numbers that it has given them for good. */
const TYPE_OIDS = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  timestamptz: 1184,
  uuid: 2950,
  'uuid[]': 2951,
  jsonb: 3802,
} as const

export type ColumnType = keyof typeof TYPE_OIDS
type Cell = string | number | boolean | null | readonly string[]
export type Column<R> = readonly [type: ColumnType, of: (row: R) => Cell]

/** A composite type of the schema `app` and how its columns are read from a row, in their order. */
export interface RowType<R> {
  name: string
  columns: readonly Column<R>[]
}

const HEADER_BYTES = 20
const FIXED_BYTES = 64
const BYTES_PER_CHAR = 3
const START_BYTES = 64 * 1024
const TWO_32 = 2 ** 32
/** PostgreSQL counts time from the year 2000, in microseconds. */
const EPOCH_MS = Date.UTC(2000, 0, 1)
const ASCII_END = 0x80
const SHORT_TEXT = 64

const HEX = new Uint8Array(128)
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16)
  HEX[text.charCodeAt(0)] = digit
  HEX[text.toUpperCase().charCodeAt(0)] = digit
}
/** Where the 32 digits of a UUID stand in its text, those of each byte together. */
const DIGITS = [...'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'].flatMap((char, at) => (char === 'x' ? [at] : []))

/**
 * Many rows as one parameter of a statement: `unnest($1::app.name[])`. They are sent in PostgreSQL's binary form, which
 * it takes in at a third of what as many arrays of text cost it, and are encoded in one pass.
 */
export class RowArray<R = unknown> {
  readonly type: RowType<R>
  readonly rows: readonly R[]

  constructor(type: RowType<R>, rows: readonly R[]) {
    this.type = type
    this.rows = rows
  }

  /** The bytes; `oid` is the number that this database has given the composite type. */
  encode(oid: number): Buffer {
    return new Encoder().encode(this, oid)
  }
}

/** The buffer in which arrays are made, one after the other; it is as large as the largest was. */
let scratch = Buffer.allocUnsafe(START_BYTES)

class Encoder {
  #at = 0
  #instant = ''
  #micros = 0

  encode<R>({ type: { columns }, rows }: RowArray<R>, oid: number): Buffer {
    this.#room(HEADER_BYTES)
    this.#int(rows.length === 0 ? 0 : 1)
    this.#int(0)
    this.#int(oid)
    if (rows.length > 0) {
      this.#int(rows.length)
      this.#int(1)
    }
    for (const row of rows) {
      this.#room(FIXED_BYTES)
      const start = this.#at
      this.#at += 4
      this.#int(columns.length)
      for (const [type, of] of columns) this.#cell(type, of(row))
      scratch.writeInt32BE(this.#at - start - 4, start)
    }
    return Buffer.from(scratch.subarray(0, this.#at))
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= scratch.length) return
    const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, this.#at + bytes))
    scratch.copy(larger, 0, 0, this.#at)
    scratch = larger
  }

  #int(value: number): void {
    scratch[this.#at++] = value >>> 24
    scratch[this.#at++] = value >>> 16
    scratch[this.#at++] = value >>> 8
    scratch[this.#at++] = value
  }

  #long(value: number): void {
    this.#int(Math.floor(value / TWO_32))
    this.#int(value)
  }

  #cell(type: ColumnType, value: Cell): void {
    this.#room(FIXED_BYTES)
    this.#int(TYPE_OIDS[type])
    if (value === null) this.#int(-1)
    else if (type === 'text') this.#text(value as string, false)
    else if (type === 'jsonb') this.#text(value as string, true)
    else if (type === 'uuid[]') this.#uuids(value as readonly string[])
    else this.#fixed(type, value as string | number | boolean)
  }

  /** A value whose type has one length. */
  #fixed(type: Exclude<ColumnType, 'text' | 'jsonb' | 'uuid[]'>, value: string | number | boolean): void {
    switch (type) {
      case 'uuid':
        this.#int(16)
        this.#uuid(value as string)
        break
      case 'int8':
        this.#int(8)
        this.#long(value as number)
        break
      case 'int4':
        this.#int(4)
        this.#int(value as number)
        break
      case 'int2':
        this.#int(2)
        scratch[this.#at++] = (value as number) >>> 8
        scratch[this.#at++] = value as number
        break
      case 'bool':
        this.#int(1)
        scratch[this.#at++] = value ? 1 : 0
        break
      case 'timestamptz':
        this.#int(8)
        this.#long(this.#microsOf(value as string))
    }
  }

  #uuid(text: string): void {
    const start = this.#at
    for (let i = 0; i < 32; i += 2)
      scratch[start + (i >> 1)] = (HEX[text.charCodeAt(DIGITS[i]!)]! << 4) | HEX[text.charCodeAt(DIGITS[i + 1]!)]!
    this.#at += 16
  }

  /** JSON goes behind the number of its format. */
  #text(text: string, isJson: boolean): void {
    this.#room(text.length * BYTES_PER_CHAR + FIXED_BYTES)
    const start = this.#at
    this.#at += 4
    if (isJson) scratch[this.#at++] = 1
    this.#chars(text)
    scratch.writeInt32BE(this.#at - start - 4, start)
  }

  #chars(text: string): void {
    if (text.length <= SHORT_TEXT) {
      let i = 0
      for (; i < text.length; i++) {
        const code = text.charCodeAt(i)
        if (code >= ASCII_END) break
        scratch[this.#at + i] = code
      }
      if (i === text.length) {
        this.#at += i
        return
      }
    }
    this.#at += scratch.write(text, this.#at, 'utf8')
  }

  #uuids(ids: readonly string[]): void {
    const header = ids.length === 0 ? 12 : HEADER_BYTES
    const bytes = header + ids.length * (4 + 16)
    this.#room(4 + bytes)
    this.#int(bytes)
    this.#int(ids.length === 0 ? 0 : 1)
    this.#int(0)
    this.#int(TYPE_OIDS.uuid)
    if (ids.length === 0) return
    this.#int(ids.length)
    this.#int(1)
    for (const id of ids) {
      this.#int(16)
      this.#uuid(id)
    }
  }

  /** Rows of one batch share their instants. */
  #microsOf(instant: string): number {
    if (instant !== this.#instant) {
      const millis = Date.parse(instant)
      if (Number.isNaN(millis)) throw new TypeError(`Not an instant: ${instant}`)
      this.#instant = instant
      this.#micros = (millis - EPOCH_MS) * 1000
    }
    return this.#micros
  }
}
