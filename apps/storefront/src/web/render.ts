/** Asks our own API without a socket. Only reads. */
export type FetchApi = (path: string, headers: Record<string, string>) => Promise<{ status: number; json: unknown }>

export interface RenderInput {
  /** Path and query. */
  url: string
  defaultShop: { id: string; slug: string }
  fetchApi: FetchApi
  /** Of the buyer's request: who asks (cookie, user-agent, address). */
  headers: Record<string, string>
  /** Where the shop is reached from outside, without a slash at the end. */
  publicUrl: string
  simulatorUrl: string | undefined
  /** Server's clock in ms. */
  now: number
}

export type Rendered =
  | { kind: 'redirect'; status: 302; location: string }
  | {
      kind: 'page'
      status: number
      html: string
      headBits: string
      title: string
      /** Rules that put the shop's own colours over the style sheet's; empty for the default theme. */
      themeCss: string
      /** A `Boot`, on its way to the browser as JSON. */
      state: unknown
      /** The page's source file, which names its script in the manifest. */
      module: string
      /** Holds data of one buyer: no shared cache may keep it. */
      isPrivate: boolean
      /** Shows what is not published, to whoever has the signed address: kept by nobody, found by no search engine. */
      isPreview: boolean
    }
