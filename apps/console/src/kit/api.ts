import {
  QueryClient,
  type QueryKey,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { ApprovalAsked, RouteId, StepUpAsked } from '@zhanggui/contract'
import {
  ApiError,
  createClient,
  type Input,
  type Output,
  type WireRequest,
  type WireResponse,
} from '@zhanggui/contract/client'
import { locale, t } from '../i18n/index.ts'

export type { Input, Output } from '@zhanggui/contract/client'
export { ApiError, routeUrl } from '@zhanggui/contract/client'

type SignedOutListener = (error: ApiError) => void
let onSignedOut: SignedOutListener = () => {}

/** Names who is told when the server says that the session is over. */
export function listenForSignOut(listener: SignedOutListener): void {
  onSignedOut = listener
}

type StepUpListener = (asked: StepUpAsked) => Promise<boolean>
let onStepUp: StepUpListener = async () => false

/** Names who asks a person to prove who they are; answers whether they did, and the call is made again. */
export function listenForStepUp(listener: StepUpListener): void {
  onStepUp = listener
}

type ApprovalListener = (asked: ApprovalAsked) => Promise<boolean>
let onApproval: ApprovalListener = async () => false

/** Names who waits for a colleague to agree; answers whether they did, and the call is made again. */
export function listenForApproval(listener: ApprovalListener): void {
  onApproval = listener
}

const client = createClient()

/** Calls a route of the contract. Throws `ApiError`. */
export async function api<Id extends RouteId>(id: Id, input: Input<Id>): Promise<Output<Id>> {
  return watched(() => (client as (id: Id, input: Input<Id>) => Promise<Output<Id>>)(id, input))
}

/** Like `api` for uploads, telling how much has gone out (0 to 1). */
export async function upload<Id extends RouteId>(
  id: Id,
  input: Input<Id>,
  progress: (share: number) => void,
): Promise<Output<Id>> {
  const sender = createClient({ send: (request) => sendWithProgress(request, progress) })
  return watched(() => (sender as (id: Id, input: Input<Id>) => Promise<Output<Id>>)(id, input))
}

async function watched<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (await goesOn(error)) continue
      if (error instanceof ApiError && (error.code === 'SESSION_EXPIRED' || error.code === 'SIGN_IN_REQUIRED'))
        onSignedOut(error)
      throw error
    }
  }
}

/** What stood in the way is gone: the person has proved who they are, or a colleague has agreed. */
async function goesOn(error: unknown): Promise<boolean> {
  if (!(error instanceof ApiError) || !error.body?.data) return false
  const data: unknown = error.body.data
  if (error.code === 'STEP_UP_REQUIRED') return onStepUp(data as StepUpAsked)
  if (error.code === 'APPROVAL_REQUIRED') return onApproval(data as ApprovalAsked)
  return false
}

/** `fetch` cannot tell how far an upload is; XMLHttpRequest can. */
function sendWithProgress(request: WireRequest, progress: (share: number) => void): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(request.method, request.url)
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    xhr.onload = () => {
      const isJson = xhr.getResponseHeader('content-type')?.includes('json') ?? false
      resolve({ status: xhr.status, json: isJson ? JSON.parse(xhr.responseText) : undefined })
    }
    xhr.onerror = () => reject(new TypeError('upload failed'))
    xhr.send(request.body ?? null)
  })
}

/** The sentence to show for an error: the server's own, in the language in force. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) {
    if (error.body) return locale() === 'en' ? error.body.messageEn : error.body.message
    return error.status === 0 ? t('error.network') : t('error.status', { status: error.status })
  }
  return error instanceof Error && error.message !== '' ? error.message : t('error.unknown')
}

const RETRIES = 2
const FRESH_MS = 5_000

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (count, error) =>
        count < RETRIES && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
    mutations: { retry: false },
  },
})

/** The cache key of a route's answer; the route alone stands for all of its answers. */
export const keyOf = <Id extends RouteId>(id: Id, input?: Input<Id>): QueryKey =>
  input === undefined ? [id] : [id, input]

interface ReadOptions<T> {
  enabled?: boolean
  /** Ask again after so many ms, or not at all; may look at the last answer. */
  refetchMs?: number | ((answer: T | undefined) => number | false)
  keepPrevious?: boolean
  /** Never ask again by itself and keep nothing: for answers that are made anew each time. */
  once?: boolean
}

/** The answer of a route that reads. */
export function useRead<Id extends RouteId>(
  id: Id,
  input: Input<Id>,
  options: ReadOptions<Output<Id>> = {},
): UseQueryResult<Output<Id>> {
  const { refetchMs } = options
  return useQuery<Output<Id>>({
    queryKey: keyOf(id, input),
    queryFn: () => api(id, input),
    enabled: options.enabled ?? true,
    ...(refetchMs === undefined
      ? {}
      : {
          refetchInterval:
            typeof refetchMs === 'number'
              ? refetchMs
              : (query) => refetchMs(query.state.data as Output<Id> | undefined),
        }),
    ...(options.once ? { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false } : {}),
    ...(options.keepPrevious ? { placeholderData: (previous: unknown) => previous as never } : {}),
  })
}

/** A route that writes; what the named routes answered before is asked for again afterwards. */
export function useWrite<Id extends RouteId>(
  id: Id,
  invalidates: readonly RouteId[] = [],
): UseMutationResult<Output<Id>, Error, Input<Id>> {
  const queries = useQueryClient()
  return useMutation<Output<Id>, Error, Input<Id>>({
    mutationFn: (input) => api(id, input),
    onSuccess: async () => {
      await Promise.all(invalidates.map((each) => queries.invalidateQueries({ queryKey: [each] })))
    },
  })
}
