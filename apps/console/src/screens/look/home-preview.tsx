import type { ThemeChoice } from '@zhanggui/contract/theme'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { HOME } from '../pages/page-state.tsx'
import { PhonePreview, usePreviewAddress } from '../pages/preview.tsx'

/** The shop's own home page in the colours that are being tried; only a designed one can be looked at before saving. */
export function HomePreview({ choice }: { choice: ThemeChoice }) {
  const { shopId, may } = useShop()
  const read = useRead(
    'console.pages',
    { params: { shopId }, query: { q: HOME, limit: 100 } },
    { enabled: may('pages.read') },
  )
  const home = read.data?.items.find(({ slug }) => slug === HOME)
  if (!home) return read.isPending ? null : <p className="soft">{t('look.noHome')}</p>
  return <Framed pageId={home.id} versionNumber={home.shown?.versionNumber ?? null} choice={choice} />
}

function Framed({
  pageId,
  versionNumber,
  choice,
}: {
  pageId: string
  versionNumber: number | null
  choice: ThemeChoice
}) {
  const preview = usePreviewAddress(pageId, versionNumber)
  return <PhonePreview {...preview} title={t('nav.look')} choice={choice} />
}
