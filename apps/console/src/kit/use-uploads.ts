import type { UploadedFile } from '@zhanggui/contract'
import { useState } from 'react'
import { useShop } from '../app/session.tsx'
import { upload } from './api.ts'
import { useFeedback } from './feedback.tsx'

export interface Upload {
  key: string
  name: string
  /** 0–1. */
  share: number
}

/** Where uploads go, each with the permission of the screen it is for. */
export type UploadRoute =
  | 'console.uploadFile'
  | 'console.uploadAftersale'
  | 'console.uploadPersonalCode'
  | 'console.uploadInvoice'

/** Sends files one after another, with how far each is; gives each to `onFile` as it arrives. */
export function useUploads(onFile: (file: UploadedFile) => void, route: UploadRoute = 'console.uploadFile') {
  const { shopId } = useShop()
  const { failed } = useFeedback()
  const [pending, setPending] = useState<Upload[]>([])
  const send = async (files: readonly File[]) => {
    const queue = files.map((file) => ({ file, key: crypto.randomUUID() }))
    setPending((before) => [...before, ...queue.map(({ file, key }) => ({ key, name: file.name, share: 0 }))])
    for (const { file, key } of queue) {
      try {
        const stored = await upload(route, { params: { shopId }, file, fileName: file.name }, (share) =>
          setPending((before) => before.map((each) => (each.key === key ? { ...each, share } : each))),
        )
        onFile(stored)
      } catch (error) {
        failed(error)
      } finally {
        setPending((before) => before.filter((each) => each.key !== key))
      }
    }
  }
  return { pending, send }
}
