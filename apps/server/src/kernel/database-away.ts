import { AppError } from './errors.ts'

/**
 * Class 08 (connection), 57P01–57P03 (server going down or coming up), 53 (no room on the disk, no memory, no connection
 * left), 58030 (its disk fails), sockets.
 */
const CODES = /^(08...|57P0[1-3]|53[1-3]00|58030|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client .* not queryable)/
const RETRY_AFTER_SECONDS = 1

/**
 * Answers as `work` does, which talks to PostgreSQL; that it is away becomes UNAVAILABLE, whatever the words for it.
 * Whether what was sent has been carried out is then unknown.
 */
export async function ifDatabaseAway<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const { code = '', message = '' } = error as { code?: string; message?: string }
    if (!CODES.test(code) && !MESSAGES.test(message)) throw error
    throw new AppError('UNAVAILABLE', {
      values: { what: '服务', reason: '数据库暂时没有回应，请稍后重试' },
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      cause: error,
    })
  }
}
