import { Alert, App, Button, Form, type FormInstance } from 'antd'
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { useBlocker } from 'react-router'
import type { z } from 'zod'
import { t } from '../i18n/index.ts'
import { ApiError, errorText } from './api.ts'
import { type FieldPath, type Issue, pathOf, placeIssues } from './form-issues.ts'
import { speakInForms } from './zod-words.ts'

speakInForms()

export interface FormSetup<S extends z.ZodType, V extends object> {
  /** The schema of the route's body, from the contract. */
  schema: S
  initial: V
  /** What the fields hold → what the route takes. */
  toInput?: (values: V) => unknown
  submit: (input: z.input<S>) => Promise<unknown>
}

export interface FormState<V> {
  form: FormInstance<V>
  submitting: boolean
  /** What is wrong and belongs to no field. */
  problem: { text: string; conflict: boolean } | undefined
  isDirty: () => boolean
  submitNow: () => Promise<boolean>
  onValuesChange: () => void
}

/** A form checked by a schema of the contract; errors of the schema and of the server stand at their fields. */
export function useResourceForm<S extends z.ZodType, V extends object>(setup: FormSetup<S, V>): FormState<V> {
  const [form] = Form.useForm<V>()
  const [submitting, setSubmitting] = useState(false)
  const [problem, setProblem] = useState<FormState<V>['problem']>()
  const dirty = useRef(false)
  const wasRefused = useRef(false)
  const latest = useRef(setup)
  latest.current = setup

  const check = useCallback((): z.input<S> | undefined => {
    const { schema, toInput } = latest.current
    const values = form.getFieldsValue(true) as V
    const result = schema.safeParse(toInput ? toInput(values) : values)
    const issues = result.success
      ? []
      : result.error.issues.map((issue) => ({ path: issue.path as FieldPath, message: issue.message }))
    const unplaced = showIssues(form, issues)
    setProblem(unplaced.length > 0 ? { text: unplaced.join('；'), conflict: false } : undefined)
    return result.success ? (result.data as z.input<S>) : undefined
  }, [form])

  const submitNow = useCallback(async () => {
    const input = check()
    wasRefused.current = input === undefined
    if (input === undefined) {
      scrollToError()
      return false
    }
    setSubmitting(true)
    try {
      dirty.current = false
      await latest.current.submit(input)
      return true
    } catch (error) {
      dirty.current = true
      setProblem(refusal(form, error))
      scrollToError()
      return false
    } finally {
      setSubmitting(false)
    }
  }, [form, check])

  const onValuesChange = useCallback(() => {
    dirty.current = true
    if (wasRefused.current) check()
  }, [check])
  return { form, submitting, problem, isDirty: () => dirty.current, submitNow, onValuesChange }
}

function showIssues(form: FormInstance, issues: readonly Issue[]): string[] {
  const fields = form.getFieldsError().map((field) => field.name)
  const { placed, unplaced } = placeIssues(issues, fields, (row) => t('form.row', { row }))
  const byName = new Map(placed.map((each) => [JSON.stringify(each.name), each.errors]))
  form.setFields(fields.map((name) => ({ name: name as never, errors: byName.get(JSON.stringify(name)) ?? [] })))
  return unplaced
}

/** Puts the server's refusal at its fields; what has no field is given back. */
function refusal(form: FormInstance, error: unknown): FormState<unknown>['problem'] {
  const conflict = error instanceof ApiError && error.code === 'CONFLICT'
  const body = error instanceof ApiError ? error.body : undefined
  const reported = (body?.data?.issues ?? []) as { field: string; reason: string }[]
  const issues: Issue[] =
    reported.length > 0
      ? reported.map((each) => ({ path: pathOf(each.field), message: each.reason }))
      : body?.field !== undefined
        ? [{ path: pathOf(body.field), message: errorText(error) }]
        : []
  const unplaced = showIssues(form, issues)
  return issues.length > 0 && unplaced.length === 0 ? undefined : { text: errorText(error), conflict }
}

function scrollToError(): void {
  requestAnimationFrame(() =>
    document
      .querySelector('.ant-form-item-has-error, .form-problem')
      ?.scrollIntoView({ block: 'center', behavior: 'smooth' }),
  )
}

interface BodyProps<V> {
  state: FormState<V>
  initial: V
  children: ReactNode
  /** Offered when somebody else changed the same thing meanwhile. */
  onReload?: () => void
  disabled?: boolean
}

/** The fields of a resource form. ⌘/Ctrl + Enter submits. */
export function FormBody<V extends object>({ state, initial, children, onReload, disabled }: BodyProps<V>) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void state.submitNow()
  }
  return (
    <Form<V>
      form={state.form}
      layout="vertical"
      initialValues={initial}
      requiredMark={false}
      disabled={(disabled ?? false) || state.submitting}
      onValuesChange={state.onValuesChange}
      onFinish={() => void state.submitNow()}
      onKeyDown={onKeyDown}
    >
      {state.problem && (
        <Alert
          className="form-problem"
          type="error"
          showIcon
          title={state.problem.text}
          action={
            state.problem.conflict && onReload ? (
              <Button size="small" onClick={onReload}>
                {t('form.reload')}
              </Button>
            ) : undefined
          }
        />
      )}
      {children}
    </Form>
  )
}

/** Asks before unsaved changes are left behind, inside the console and when the tab is closed. */
export function useUnsavedGuard(isDirty: () => boolean): void {
  const { modal } = App.useApp()
  const latest = useRef(isDirty)
  latest.current = isDirty
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => latest.current() && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (blocker.state !== 'blocked') return
    modal.confirm({
      title: t('form.unsaved'),
      content: t('form.unsavedHint'),
      okText: t('form.leave'),
      okButtonProps: { danger: true },
      cancelText: t('form.stay'),
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    })
  }, [blocker, modal])
  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent) => latest.current() && event.preventDefault()
    addEventListener('beforeunload', onUnload)
    return () => removeEventListener('beforeunload', onUnload)
  }, [])
}
