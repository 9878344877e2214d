import { App, Modal } from 'antd'
import { type ReactNode, useRef } from 'react'
import type { z } from 'zod'
import { t } from '../i18n/index.ts'
import { FormBody, useResourceForm } from './resource-form.tsx'

interface Props<S extends z.ZodType, V extends object> {
  title: string
  schema: S
  initial: V
  toInput?: (values: V) => unknown
  /** The key is made once for each opening, so that a repeated submit is the same request. */
  submit: (input: z.input<S>, idempotencyKey: string) => Promise<unknown>
  onClose: () => void
  /** After the server has accepted it. */
  onDone?: () => void
  okText?: string
  danger?: boolean
  width?: number
  children: ReactNode
}

/** A dialog with a resource form. Mount it to open it; Esc closes it, after a question when something was typed. */
export function FormDialog<S extends z.ZodType, V extends object>(props: Props<S, V>) {
  const { modal } = App.useApp()
  const key = useRef<string>(undefined)
  key.current ??= crypto.randomUUID()
  const state = useResourceForm<S, V>({
    schema: props.schema,
    initial: props.initial,
    ...(props.toInput ? { toInput: props.toInput } : {}),
    submit: (input) => props.submit(input, key.current!),
  })
  const submit = async (): Promise<boolean> => {
    if (!(await state.submitNow())) return false
    props.onDone?.()
    props.onClose()
    return true
  }
  const close = () => {
    if (!state.isDirty()) return props.onClose()
    modal.confirm({
      title: t('form.unsaved'),
      okText: t('form.discard'),
      okButtonProps: { danger: true },
      cancelText: t('form.stay'),
      onOk: props.onClose,
    })
  }
  return (
    <Modal
      open
      title={props.title}
      width={props.width ?? 520}
      okText={props.okText ?? t('action.save')}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger: props.danger ?? false, loading: state.submitting }}
      onOk={() => void submit()}
      onCancel={close}
      mask={{ closable: false }}
      destroyOnHidden
    >
      <FormBody state={{ ...state, submitNow: submit }} initial={props.initial}>
        {props.children}
      </FormBody>
    </Modal>
  )
}
