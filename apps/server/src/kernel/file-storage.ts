import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Config } from './config.ts'

/** The bytes `start` to `end`, both included. */
export interface ByteRange {
  start: number
  end: number
}

/** Where the bytes of files lie. Keys are made by the server: `a/b/c` of letters, digits, `-`, `_` and `.`. */
export interface FileStorage {
  /** Stores bytes, or the file at a path; a reader sees all of it or nothing. */
  put(key: string, content: Buffer | { path: string }, contentType: string): Promise<void>
  sizeOf(key: string): Promise<number | undefined>
  /** Undefined when there is nothing under this key. */
  open(key: string, range?: ByteRange): Promise<Readable | undefined>
  delete(key: string): Promise<void>
  /** Throws when the storage cannot be used. */
  check(): Promise<void>
}

const KEY = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/

/** A folder of this machine. */
export function createLocalStorage(folder: string): FileStorage {
  const root = path.resolve(folder)
  const fileOf = (key: string) => path.join(root, ...checkedKey(key).split('/'))
  const temporary = () => path.join(root, 'tmp', randomBytes(12).toString('hex'))
  return {
    async put(key, content) {
      const target = fileOf(key)
      const beside = temporary()
      await mkdir(path.dirname(beside), { recursive: true })
      try {
        if (Buffer.isBuffer(content)) await writeFile(beside, content)
        else await copyFile(content.path, beside)
        await mkdir(path.dirname(target), { recursive: true })
        await rename(beside, target)
      } catch (error) {
        await rm(beside, { force: true })
        throw error
      }
    },
    sizeOf: (key) => stat(fileOf(key)).then((found) => found.size, ifMissing),
    async open(key, range) {
      const file = fileOf(key)
      if ((await stat(file).catch(ifMissing)) === undefined) return undefined
      return createReadStream(file, range)
    },
    delete: (key) => rm(fileOf(key), { force: true }),
    async check() {
      const probe = temporary()
      await mkdir(path.dirname(probe), { recursive: true })
      await writeFile(probe, '')
      await rm(probe)
    },
  }
}

export interface S3StorageOptions {
  endpoint?: string
  region: string
  bucket: string
  accessKeyId?: string
  secretAccessKey?: string
}

/** Any store that speaks S3. Its client is large, so only those who use it load it. */
export async function createS3Storage(options: S3StorageOptions): Promise<FileStorage> {
  const { DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } =
    await import('@aws-sdk/client-s3')
  const { endpoint, region, bucket: Bucket, accessKeyId, secretAccessKey } = options
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
    // Stores other than Amazon's do not all know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return {
    async put(key, content, ContentType) {
      const bytes = Buffer.isBuffer(content)
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: checkedKey(key),
          Body: bytes ? content : createReadStream(content.path),
          ContentLength: bytes ? content.length : (await stat(content.path)).size,
          ContentType,
        }),
      )
    },
    sizeOf: (Key) =>
      client
        .send(new HeadObjectCommand({ Bucket, Key: checkedKey(Key) }))
        .then((found) => found.ContentLength, ifMissing),
    async open(Key, range) {
      const Range = range === undefined ? undefined : `bytes=${range.start}-${range.end}`
      const found = await client.send(new GetObjectCommand({ Bucket, Key: checkedKey(Key), Range })).catch(ifMissing)
      return found?.Body === undefined ? undefined : (found.Body as Readable)
    },
    async delete(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: checkedKey(Key) }))
    },
    async check() {
      await client.send(new HeadBucketCommand({ Bucket }))
    },
  }
}

/** The storage that the configuration names: S3 when it has a bucket, else a folder. */
export async function storageOf(config: Config): Promise<FileStorage> {
  if (config.S3_BUCKET === undefined) return createLocalStorage(config.FILES_DIR)
  return createS3Storage({
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET,
    accessKeyId: config.S3_ACCESS_KEY_ID,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY,
  })
}

/** Writes a stream to a file, at most `maxBytes`; answers false (and stops reading) when there is more. */
export async function spool(
  source: AsyncIterable<Uint8Array>,
  file: string,
  maxBytes: number,
  each: (chunk: Uint8Array) => void,
): Promise<boolean> {
  let size = 0
  let fits = true
  const bounded = async function* () {
    for await (const chunk of source) {
      size += chunk.length
      if (size > maxBytes) {
        fits = false
        return
      }
      each(chunk)
      yield chunk
    }
  }
  const output = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  await pipeline(Readable.from(bounded()), output)
  return fits
}

function checkedKey(key: string): string {
  if (!KEY.test(key) || key.length > 300) throw new TypeError(`Not a storage key: ${key}`)
  return key
}

function ifMissing(error: unknown): undefined {
  const { code, name, $metadata } = error as { code?: string; name?: string; $metadata?: { httpStatusCode?: number } }
  if (code === 'ENOENT' || name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404)
    return undefined
  throw error
}
