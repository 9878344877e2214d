import { CompassOutlined, LockOutlined } from '@ant-design/icons'
import type { UseQueryResult } from '@tanstack/react-query'
import { App, Button, Result, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { ApiError, errorText } from './api.ts'

const UNDO_SECONDS = 8

/** Short messages to the user: what was done, and what went wrong in the server's words. */
export function useFeedback() {
  const { message, modal } = App.useApp()
  return {
    done: (text: string) => void message.success(text),
    /** Says what was done and offers to take it back for a while; what goes wrong then is told as well. */
    doneWithUndo: (text: string, undo: () => Promise<unknown>) => {
      const key = `undo-${Date.now()}`
      const takeBack = async () => {
        message.destroy(key)
        try {
          await undo()
          void message.success(t('action.undone'))
        } catch (error) {
          void message.error({ content: errorText(error), duration: 6 })
        }
      }
      void message.success({
        key,
        duration: UNDO_SECONDS,
        content: (
          <>
            {text}
            <Button type="link" size="small" onClick={() => void takeBack()}>
              {t('action.undo')}
            </Button>
          </>
        ),
      })
    },
    failed: (error: unknown) => void message.error({ content: errorText(error), duration: 6 }),
    warn: (text: string) => void message.warning(text),
    /** Asks before something that cannot be taken back. When `run` fails, the server's words are shown. */
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

const ICONS = { 403: <LockOutlined className="error-icon" />, 404: <CompassOutlined className="error-icon" /> }

/** An error in place of content. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const status = error instanceof ApiError && (error.status === 403 || error.status === 404) ? error.status : undefined
  return (
    <Result
      {...(status === undefined ? { status: 'warning' as const } : { icon: ICONS[status] })}
      title={errorText(error)}
      subTitle={
        error instanceof ApiError && error.body ? t('error.reference', { id: error.body.requestId }) : undefined
      }
      extra={retry && <Button onClick={retry}>{t('action.retry')}</Button>}
    />
  )
}
