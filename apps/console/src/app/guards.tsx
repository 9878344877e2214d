import { useEffect } from 'react'
import { Navigate, Outlet, useLocation, useParams } from 'react-router'
import { Failure } from '../kit/feedback.tsx'
import { ForbiddenPage, NotFoundPage } from './error-pages.tsx'
import { homePath, shopHome, shopPlaces } from './navigation.tsx'
import { PageSkeleton } from './page.tsx'
import { isSignedOut, rememberShop, SessionProvider, useMe, useSession } from './session.tsx'
import { Shell } from './shell.tsx'

/** The part of the console that needs a session. */
export function SignedIn() {
  const me = useMe()
  const location = useLocation()
  if (me.data)
    return (
      <SessionProvider value={me.data}>
        <Shell>
          <Outlet />
        </Shell>
      </SessionProvider>
    )
  if (me.isError && isSignedOut(me.error))
    return <Navigate to={`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`} replace />
  if (me.isError) return <Failure error={me.error} retry={() => void me.refetch()} />
  return <PageSkeleton />
}

/** `/` leads to the shop of last time. */
export function Home() {
  return <Navigate to={homePath(useSession())} replace />
}

/** The screens of one shop: the shop must be one's own, and the screen one of those one may see. */
export function ShopArea() {
  const { slug } = useParams()
  const { pathname } = useLocation()
  const session = useSession()
  const shop = session.shops.find((each) => each.slug === slug)
  useEffect(() => {
    if (shop) rememberShop(shop.slug)
  }, [shop])
  if (!shop) return <NotFoundPage />
  const section = pathname.split('/')[3]
  if (!section) return <Navigate to={shopHome(shop)} replace />
  const place = shopPlaces()
    .flatMap((group) => group.places)
    .find((each) => each.path === section)
  if (place?.permission && !shop.permissions.includes(place.permission))
    return <ForbiddenPage permission={place.permission} />
  return <Outlet key={shop.id} />
}
