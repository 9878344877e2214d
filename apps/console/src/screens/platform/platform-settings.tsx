import { ForbiddenPage } from '../../app/error-pages.tsx'
import { Page } from '../../app/page.tsx'
import { usePlatform } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { SettingsList } from '../settings/settings-list.tsx'

/** The rules for all shops that have none of their own. */
export default function PlatformSettingsPage() {
  const may = usePlatform()
  const allowed = may('platform.settings')
  const read = useRead('platform.settings', {}, { enabled: allowed })
  const write = useWrite('platform.setSetting', ['platform.settings', 'console.settings'])
  if (!allowed) return <ForbiddenPage permission="platform.settings" />
  return (
    <Page title={t('nav.platformSettings')} hint={t('setting.platformHint')}>
      <Loaded query={read}>
        {({ items }) => (
          <SettingsList
            items={items}
            writable
            scope="platform"
            save={(setting, value, version) =>
              write.mutateAsync({ params: { name: setting.name }, body: { value, version } })
            }
          />
        )}
      </Loaded>
    </Page>
  )
}
