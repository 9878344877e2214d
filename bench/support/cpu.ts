import { readFileSync } from 'node:fs'
import pg from 'pg'

export interface CpuUse {
  /** This process: the server under load. */
  serverUs: number
  /** All processes of PostgreSQL; undefined where /proc does not tell. */
  postgresUs: number | undefined
  /** What PostgreSQL wrote to its log. */
  walBytes: number
}

/** The same for each of many. */
export interface CpuCost {
  serverUs: number
  postgresUs: number | undefined
  walBytes: number
}

export function costOf({ serverUs, postgresUs, walBytes }: CpuUse, count: number): CpuCost {
  const each = (all: number) => Math.round(all / Math.max(1, count))
  return {
    serverUs: each(serverUs),
    postgresUs: postgresUs === undefined ? undefined : each(postgresUs),
    walBytes: each(walBytes),
  }
}

/**
 * How much computing something costs. Wall-clock times of a machine that is busy with other things say little; these do
 * not depend on them.
 */
export async function createCpuMeter(adminUrl: string) {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const read = async () => {
    const { rows } = await client.query<{ pid: number; wal: string }>(
      `select pid, pg_current_wal_insert_lsn() - '0/0' as wal from pg_stat_activity where pid <> pg_backend_pid()`,
    )
    const { user, system } = process.cpuUsage()
    const each = rows.map(({ pid }) => processUs(pid))
    const postgresUs = each.every((us) => us === undefined)
      ? undefined
      : each.reduce<number>((sum, us) => sum + (us ?? 0), 0)
    return { serverUs: user + system, postgresUs, walBytes: Number(rows[0]?.wal) }
  }
  return {
    /** What `work` costs. Backends that end meanwhile are not counted. */
    async during<T>(work: () => Promise<T>): Promise<{ result: T; cpu: CpuUse }> {
      const before = await read()
      const result = await work()
      const after = await read()
      const postgresUs =
        after.postgresUs === undefined || before.postgresUs === undefined
          ? undefined
          : after.postgresUs - before.postgresUs
      return {
        result,
        cpu: {
          serverUs: after.serverUs - before.serverUs,
          postgresUs,
          walBytes: after.walBytes - before.walBytes,
        },
      }
    },
    close: () => client.end(),
  }
}

/** How long a process has been computing, to the nanosecond; it has one thread. */
function processUs(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000
  } catch {
    return undefined
  }
}
