import { useState } from '@hooks'
import { login, toast } from '@platform'
import { ApiError } from '@zhanggui/contract/client'

/** The server's words for what went wrong, or ours. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  if (error instanceof Error && /[\u4e00-\u9fff]/.test(error.message)) return error.message
  return '操作没有完成，请稍后重试'
}

export const isCode = (error: unknown, ...codes: string[]): error is ApiError =>
  error instanceof ApiError && codes.includes(error.code)

/** Runs one action at a time: `isBusy` while it runs, failures told in a toast, sign-in when it is needed. */
export function useAct(): { isBusy: boolean; act: (work: () => Promise<void>) => void } {
  const [isBusy, setBusy] = useState(false)
  const act = (work: () => Promise<void>) => {
    if (isBusy) return
    setBusy(true)
    work()
      .catch((error: unknown) => {
        if (isCode(error, 'SIGN_IN_REQUIRED', 'SESSION_EXPIRED')) return login()
        toast(messageOf(error), 'bad')
      })
      .finally(() => setBusy(false))
  }
  return { isBusy, act }
}
