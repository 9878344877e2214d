import { z } from 'zod'
import { BusinessDay, FenAmount, Id, Instant, text } from './common.ts'

/** Names a table of the console, e.g. `orders`. */
export const ListName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/)
  .meta({ id: 'ListName' })

/** How a table is laid out: columns, their order, how close the rows stand. */
const ViewLook = z.object({
  order: z.array(z.string().max(40)).max(60),
  shown: z.record(z.string().max(40), z.boolean()),
  dense: z.boolean(),
})

/** What a saved view keeps: the address' filters and sorting, and the look of the table. */
export const ViewState = z
  .object({
    /** Filters and `sort` as the address says them. */
    filters: z.record(z.string().max(40), z.string().max(400)),
    look: ViewLook,
  })
  .refine((state) => Object.keys(state.filters).length <= 30, 'At most 30 filters')
  .meta({ id: 'ViewState' })
export type ViewState = z.infer<typeof ViewState>

export const SavedView = z
  .object({
    id: Id,
    list: ListName,
    name: z.string(),
    /** Everybody in the shop sees it; only its owner changes it. */
    shared: z.boolean(),
    mine: z.boolean(),
    ownerName: z.string(),
    state: ViewState,
    version: z.int(),
  })
  .meta({ id: 'SavedView' })
export type SavedView = z.infer<typeof SavedView>

/** A column of an export: where in a row the value stands, what it is called, what its values are called. */
export const ExportColumn = z
  .object({
    /** Path into a row of the list, e.g. `totalFen`, `address.city`, `lines.title`. */
    field: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,39}(\.[A-Za-z][A-Za-z0-9]{0,39}){0,3}$/),
    title: text(60),
    labels: z.record(z.string().max(60), z.string().max(60)).optional(),
    /** Of a list on the way, only the items with this value: of all warehouses one, say. */
    where: z.object({ field: z.string().max(40), is: z.string().max(80) }).optional(),
  })
  .meta({ id: 'ExportColumn' })
export type ExportColumn = z.infer<typeof ExportColumn>

export const ExportInput = z
  .object({
    /** The list's own route, e.g. `console.orders`; whoever exports must be allowed to read it. */
    route: z.string().max(60),
    /** Other parameters of the list's address than the shop. */
    params: z.record(z.string().max(40), z.string().max(80)).default({}),
    /** The list's filters, as its address takes them. */
    query: z.record(z.string().max(40), z.string().max(400)).default({}),
    /** Empty: every plain value of a row, under its own name. */
    columns: z.array(ExportColumn).max(60).default([]),
    title: text(40),
    format: z.enum(['csv', 'xlsx']),
    /** Adds personal data in clear where the list has any; needs the permission for it. */
    personal: z.boolean().default(false),
    language: z.enum(['zh', 'en']).default('zh'),
  })
  .meta({ id: 'ExportInput' })
export type ExportInput = z.infer<typeof ExportInput>

/** One thing that was found, and where it is: `to` is behind `/console/s/<shop>/`. */
export const SearchHit = z
  .object({
    id: z.string(),
    title: z.string(),
    subtitle: z.string(),
    to: z.string(),
    pictureUrl: z.string().nullable(),
  })
  .meta({ id: 'SearchHit' })
export type SearchHit = z.infer<typeof SearchHit>

export const SearchGroup = z.object({ kind: z.string().max(40), items: z.array(SearchHit).max(20) })
export type SearchGroup = z.infer<typeof SearchGroup>

/** Something that waits for somebody; `to` leads to the list where it is done. */
export const TodoItem = z
  .object({
    key: z.string(),
    title: z.string(),
    titleEn: z.string(),
    count: z.int().min(0),
    /** Costs money or a buyer's patience while it waits. */
    urgent: z.boolean(),
    to: z.string(),
  })
  .meta({ id: 'TodoItem' })
export type TodoItem = z.infer<typeof TodoItem>

/** One step of setting a shop up; whether it is done is read from the shop itself. */
export const OnboardingStep = z
  .object({ key: z.string(), done: z.boolean(), skipped: z.boolean(), to: z.string() })
  .meta({ id: 'OnboardingStep' })
export type OnboardingStep = z.infer<typeof OnboardingStep>

export const Onboarding = z.object({ steps: z.array(OnboardingStep), dismissed: z.boolean() })
export type Onboarding = z.infer<typeof Onboarding>

/** What a note of the staff may be about. */
export const NoteEntity = z.enum(['order', 'product', 'buyer'])

export const StaffNote = z
  .object({
    id: Id,
    at: Instant,
    authorName: z.string(),
    mine: z.boolean(),
    text: z.string(),
    mentions: z.array(z.object({ id: Id, name: z.string() })),
  })
  .meta({ id: 'StaffNote' })
export type StaffNote = z.infer<typeof StaffNote>

/** A note that names the reader. */
export const Mention = z
  .object({
    noteId: Id,
    at: Instant,
    authorName: z.string(),
    text: z.string(),
    entity: NoteEntity,
    entityId: Id,
    read: z.boolean(),
  })
  .meta({ id: 'Mention' })
export type Mention = z.infer<typeof Mention>

/** Money and visits of one business day; visitors are null where the event store is not there. */
export const TrendDay = z
  .object({
    day: BusinessDay,
    paidFen: FenAmount,
    refundedFen: FenAmount,
    paidOrders: z.int(),
    buyers: z.int(),
    visitors: z.int().nullable(),
  })
  .meta({ id: 'TrendDay' })
export type TrendDay = z.infer<typeof TrendDay>
