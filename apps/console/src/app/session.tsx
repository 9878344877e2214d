import type { Permission, StaffSession } from '@zhanggui/contract'
import { createContext, useContext } from 'react'
import { useParams } from 'react-router'
import { type ApiError, keyOf, queryClient, useRead } from '../kit/api.ts'

export type Shop = StaffSession['shops'][number]

const SessionContext = createContext<StaffSession | undefined>(undefined)
export const SessionProvider = SessionContext.Provider

/** Who is signed in; asked once and kept. */
export const useMe = () => useRead('staff.me', {})

/** Takes over the session that signing in has answered. */
export const rememberSession = (session: StaffSession): void =>
  void queryClient.setQueryData(keyOf('staff.me', {}), session)

/** Forgets everything that was loaded for the session that has ended. */
export const forgetSession = (): void => queryClient.clear()

/** Whether an error means that one has to sign in. */
export const isSignedOut = (error: unknown): boolean => (error as ApiError | null)?.status === 401

/** The session; only inside the signed-in part of the console. */
export function useSession(): StaffSession {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession outside the signed-in part')
  return session
}

/** The shop of the address; undefined on the platform's own pages. */
export function useMaybeShop(): Shop | undefined {
  const { slug } = useParams()
  return useContext(SessionContext)?.shops.find((each) => each.slug === slug)
}

/** The shop of the address, and what one may do there. */
export function useShop(): { shop: Shop; shopId: string; may: (permission: Permission) => boolean } {
  const { slug } = useParams()
  const session = useSession()
  const shop = session.shops.find((each) => each.slug === slug)
  if (!shop) throw new Error(`Not a shop of the session: ${slug}`)
  return { shop, shopId: shop.id, may: (permission) => shop.permissions.includes(permission) }
}

/** What one may do on the platform. */
export function usePlatform(): (permission: Permission) => boolean {
  const session = useSession()
  return (permission) => session.platformPermissions.includes(permission)
}

const LAST_SHOP = 'zg.shop'
const LAST_ACCOUNT = 'zg.account'

export const rememberShop = (slug: string): void => localStorage.setItem(LAST_SHOP, slug)
export const rememberAccount = (account: string): void => localStorage.setItem(LAST_ACCOUNT, account)
export const rememberedAccount = (): string => localStorage.getItem(LAST_ACCOUNT) ?? ''

/** The shop one was in last time, by its name in addresses. */
export const lastShop = (): string | null => localStorage.getItem(LAST_SHOP)
