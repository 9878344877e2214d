import type { JSX } from '@hooks'
import type { Picture, StoreShop } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import type { PageName, PageParams } from './routes.ts'

/** What a page may use to load its first data, on the server as in the browser and the mini program. */
export interface LoadContext<N extends PageName> {
  api: Client
  shop: StoreShop
  params: PageParams[N]
}

export interface Head {
  title: string
  description?: string
  picture?: Picture | null
}

export interface ViewProps<N extends PageName, D> {
  data: D
  params: PageParams[N]
  /** Loads the data again and shows it. */
  reload: () => Promise<void>
}

/** One page for both targets: how it gets its data, what stands in the head, how it looks. */
export interface Page<N extends PageName, D> {
  name: N
  /**
   * `public` data is the same for all; any other is the visitor's own and never cached. `guest` needs no sign-in;
   * signed out, `buyer` asks to sign in and `buyer-redirect` goes there at once.
   */
  access: 'public' | 'guest' | 'buyer' | 'buyer-redirect'
  load(context: LoadContext<N>): Promise<D>
  head(data: D, shop: StoreShop): Head
  View(props: ViewProps<N, D>): JSX.Element
  /** Pictures of the first screen, fetched beside the scripts. */
  firstPictures?(data: D): { picture: Picture; sizes: string }[]
}

/** Identity, with name and data kept as types. */
export const definePage = <N extends PageName, D>(page: Page<N, D>): Page<N, D> => page

/** A page whose types are not known here: what the routers of the two targets handle. */
export type AnyPage = Page<PageName, unknown>
