import { Alert, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { t } from '../i18n/index.ts'
import { errorText } from './api.ts'

interface Props<T> {
  title: string
  okText: string
  disabled?: boolean
  /** Closes afterwards; what goes wrong is told in the dialog, and nothing that was typed is lost. */
  run: () => Promise<T>
  onClose: () => void
  /** In the place of onClose after it has run, where another dialog follows. */
  onDone?: (result: T) => void
  children: ReactNode
}

/** A small dialog without a form schema of its own; Enter in it is its main button. */
export function PlainDialog<T>({ title, okText, disabled, run, onClose, onDone = onClose, children }: Props<T>) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const submit = async () => {
    if (disabled || busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      onDone(await run())
    } catch (error) {
      setProblem(errorText(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={title}
      okText={okText}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: disabled ?? false, loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {problem !== undefined && <Alert className="form-problem" type="error" showIcon title={problem} />}
        {children}
      </form>
    </Modal>
  )
}
