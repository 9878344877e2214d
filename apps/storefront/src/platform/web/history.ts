/** Moves to an address. Set by the router once it runs; until then the browser itself loads the page. */
export type Go = (url: string, options?: { replace?: boolean }) => void

let router: { go: Go; canGoBack: () => boolean } | undefined

/** Called once, by the browser's entry; never on the server. */
export function installRouter(installed: typeof router): void {
  router = installed
}

export const go: Go = (url, options) => {
  if (router) router.go(url, options)
  else if (options?.replace) location.replace(url)
  else location.assign(url)
}

export function goBack(fallbackUrl: string): void {
  if (router ? router.canGoBack() : history.length > 1) history.back()
  else go(fallbackUrl, { replace: true })
}
