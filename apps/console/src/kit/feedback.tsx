import type { UseQueryResult } from '@tanstack/react-query'
import { App, Button, Result, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { ApiError, errorText } from './api.ts'

/** Short messages to the user: what was done, and what went wrong in the server's words. */
export function useFeedback() {
  const { message, modal } = App.useApp()
  return {
    done: (text: string) => void message.success(text),
    failed: (error: unknown) => void message.error({ content: errorText(error), duration: 6 }),
    warn: (text: string) => void message.warning(text),
    /** Asks before something that cannot be taken back; `run` may fail, the dialog then stays open. */
    confirm: (question: {
      title: string
      content?: ReactNode
      okText: string
      danger?: boolean
      run: () => Promise<unknown>
    }) => {
      modal.confirm({
        title: question.title,
        content: question.content,
        okText: question.okText,
        okButtonProps: { danger: question.danger ?? false },
        focusable: { autoFocusButton: question.danger ? 'cancel' : 'ok' },
        onOk: async () => {
          try {
            await question.run()
          } catch (error) {
            void message.error({ content: errorText(error), duration: 6 })
            throw error
          }
        },
      })
    },
  }
}

/** A skeleton while loading, the error with a retry, then the content. */
export function Loaded<T>({
  query,
  children,
  rows = 6,
}: {
  query: UseQueryResult<T>
  children: (answer: NonNullable<T>) => ReactNode
  rows?: number
}) {
  if (query.data !== undefined && query.data !== null) return <>{children(query.data)}</>
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  return <Skeleton active paragraph={{ rows }} aria-busy title={false} />
}

/** An error in place of content. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const status =
    error instanceof ApiError && (error.status === 403 || error.status === 404)
      ? (String(error.status) as '403' | '404')
      : undefined
  return (
    <Result
      status={status ?? 'warning'}
      title={errorText(error)}
      subTitle={
        error instanceof ApiError && error.body ? t('error.reference', { id: error.body.requestId }) : undefined
      }
      extra={retry && <Button onClick={retry}>{t('action.retry')}</Button>}
    />
  )
}
