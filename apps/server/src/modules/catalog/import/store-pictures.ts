import { createHash } from 'node:crypto'
import type { PictureKind } from '@zhanggui/contract'
import { sql, type Tx } from '../../../kernel/db.ts'

export interface WaitingPicture {
  productId: string
  place: number
  line: number
  source: string
  /** Of what kind it shall be; null leaves a picture as it is. */
  kind: PictureKind | 'video' | null
}

/** An address that was fetched before is known by this. */
const digestOf = (source: string): string => createHash('sha256').update(source).digest('hex')

/** Files that were fetched from these addresses before. */
export async function fetchedBefore(tx: Tx, shopId: string, sources: readonly string[]): Promise<Map<string, string>> {
  if (sources.length === 0) return new Map()
  const byDigest = new Map(sources.map((source) => [digestOf(source), source]))
  const rows = await tx.rows<{ digest: string; fileId: string }>(sql`
    select digest, file_id from picture_sources
    where shop_id = ${shopId} and digest = any(${[...byDigest.keys()]}::text[])`)
  return new Map(rows.map((row) => [byDigest.get(row.digest)!, row.fileId]))
}

/** A product waits for these pictures; an earlier list of the same import is replaced. */
export async function insertWaiting(
  tx: Tx,
  shopId: string,
  importId: string,
  pictures: readonly (WaitingPicture & { fileId: string | null })[],
): Promise<void> {
  if (pictures.length === 0) return
  await tx.exec(sql`
    delete from import_pictures where shop_id = ${shopId} and import_id = ${importId}
      and product_id = any(${[...new Set(pictures.map(({ productId }) => productId))]}::uuid[])`)
  await tx.exec(sql`
    insert into import_pictures (shop_id, import_id, product_id, place, line, source, kind, file_id, state)
    select ${shopId}, ${importId}, r."productId", r.place, r.line, r.source, r.kind, r."fileId",
      case when r."fileId" is null then 'waiting' else 'here' end
    from jsonb_to_recordset(${JSON.stringify(pictures)}::jsonb)
      as r("productId" uuid, place integer, line integer, source text, kind text, "fileId" uuid)`)
}

export async function nextWaiting(tx: Tx, shopId: string, importId: string, limit: number): Promise<WaitingPicture[]> {
  return tx.rows<WaitingPicture>(sql`
    select product_id, place, line, source, kind from import_pictures
    where shop_id = ${shopId} and import_id = ${importId} and state = 'waiting' order by line, place limit ${limit}`)
}

/** Answers whether the picture was still waiting: of two runners one settles it. */
export async function settlePicture(
  tx: Tx,
  shopId: string,
  importId: string,
  picture: WaitingPicture,
  fileId: string | null,
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update import_pictures set state = ${fileId === null ? 'failed' : 'here'}, file_id = ${fileId}
    where shop_id = ${shopId} and import_id = ${importId} and product_id = ${picture.productId}
      and place = ${picture.place} and state = 'waiting'`)
  return changed === 1
}

export async function rememberSource(
  tx: Tx,
  shopId: string,
  source: string,
  fileId: string,
  at: string,
): Promise<void> {
  await tx.exec(sql`
    insert into picture_sources (shop_id, digest, file_id, fetched_at) values (${shopId}, ${digestOf(source)}, ${fileId}, ${at})
    on conflict (shop_id, digest) do update set file_id = excluded.file_id, fetched_at = excluded.fetched_at`)
}

export interface ReadyPictures {
  productId: string
  line: number
  media: { fileId: string; kind: PictureKind | 'video' | null }[]
}

/** Products that wait for no more pictures, with those that are here in their order; each is answered once. */
export async function takeReady(
  tx: Tx,
  shopId: string,
  importId: string,
  productIds: readonly string[],
): Promise<ReadyPictures[]> {
  return tx.rows<ReadyPictures>(sql`
    with ready as (
      select product_id, min(line) as line,
        coalesce(jsonb_agg(jsonb_build_object('fileId', file_id, 'kind', kind) order by place)
          filter (where file_id is not null), '[]') as media
      from import_pictures
      where shop_id = ${shopId} and import_id = ${importId} and product_id = any(${productIds as string[]}::uuid[])
      group by product_id having bool_and(state in ('here', 'failed'))
    ), used as (
      update import_pictures p set state = 'used' from ready
      where p.shop_id = ${shopId} and p.import_id = ${importId} and p.product_id = ready.product_id
    )
    select product_id, line, media from ready order by product_id`)
}
