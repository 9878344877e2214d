import '../kit/web/reset.css'
import '../kit/tokens.css'
import '../kit/icons.css'
import '../kit/price.css'
import '../kit/kit.css'
import '../kit/web/web.css'
import type { JSX } from 'preact'
import { type App, AppContext } from '../app.ts'
import { Empty, ErrorNotice, Link, NavBar, Screen, SignInPrompt } from '../kit/web/index.ts'
import type { AnyPage } from '../page.ts'
import { useLate } from '../parts/late.ts'
import { isMissing, isSignedOut, type ScreenState } from './screen.ts'

export interface RootProps {
  app: App
  page: AnyPage
  screen: ScreenState
  /** Grows with each visit, so that a page opened anew starts anew. */
  visit: number
  reload: () => Promise<void>
  isLoading?: boolean
  isOffline?: boolean
  /** A request has been waiting for long. */
  isSlow?: boolean
  simulatorUrl?: string
}

/** Asked only on a buyer's own pages, so its code is not part of a first screen. */
function Consent(props: { onSignedOut: () => void }): JSX.Element | null {
  const ConsentAsk = useLate(async () => (await import('../parts/consent-ask.tsx')).ConsentAsk, true)
  return ConsentAsk ? <ConsentAsk {...props} /> : null
}

/** The page with everything around it, the same on the server and in the browser. */
export function Root(props: RootProps): JSX.Element {
  const { app, page, screen, visit, reload, isLoading, isOffline, isSlow, simulatorUrl } = props
  return (
    <AppContext.Provider value={app}>
      {isLoading && <div class="zg-progress" role="progressbar" aria-label="加载中" />}
      {isOffline && (
        <div class="zg-offline" role="status">
          网络已断开，恢复后会自动继续
          <button type="button" class="zg-offline-again" onClick={() => void reload()}>
            重试
          </button>
        </div>
      )}
      {isSlow && (
        <div class="zg-slow" role="status">
          <span class="zg-spinner" aria-hidden="true" /> 网络有点慢，还在努力加载…
        </div>
      )}
      <main class="zg-main" id="main" tabIndex={-1} key={visit}>
        {screen.failure ? (
          <Failed screen={screen} reload={reload} />
        ) : (
          <>
            <page.View data={screen.data} params={screen.params as never} reload={reload} />
            {page.access !== 'public' && <Consent onSignedOut={() => void reload()} />}
          </>
        )}
      </main>
      {simulatorUrl !== undefined && screen.params.preview === undefined && (
        <a class="zg-simulator" href={simulatorUrl} target="_blank" rel="noreferrer">
          微信模拟器
        </a>
      )}
    </AppContext.Provider>
  )
}

function Failed({ screen, reload }: { screen: ScreenState; reload: () => Promise<void> }): JSX.Element {
  const failure = screen.failure!
  if (isSignedOut(failure))
    return (
      <>
        <NavBar title="登录" back="home" />
        <Screen>
          <SignInPrompt title="登录后继续" />
        </Screen>
      </>
    )
  if (isMissing(failure))
    return (
      <>
        <NavBar title="没有找到" back="home" />
        <Screen>
          <Empty icon="search" title="没有找到你要的内容" text="可能已下架，或者地址有误">
            <Link className="zg-button zg-button-primary" to="home" params={{}}>
              去首页逛逛
            </Link>
          </Empty>
        </Screen>
      </>
    )
  return (
    <>
      <NavBar title="出了点问题" back="home" />
      <Screen>
        <ErrorNotice message={failure.message} onRetry={() => void reload()} />
      </Screen>
    </>
  )
}
