import type { SettingView } from '@zhanggui/contract'
import { Drawer, Empty, Timeline } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { locale, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { ChangeList } from '../../kit/change-list.tsx'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { settingField } from '../../kit/setting-field.ts'
import { SettingsList } from './settings-list.tsx'
import { valueText } from './value-text.ts'

/** The rules of the shop. */
export default function ShopSettingsPage() {
  const { shopId, may } = useShop()
  const read = useRead('console.settings', { params: { shopId } })
  const write = useWrite('console.setSetting', ['console.settings', 'console.settingHistory'])
  const [history, setHistory] = useState<SettingView>()
  return (
    <Page title={t('nav.settings')} hint={t('setting.hint')}>
      <Loaded query={read}>
        {({ items }) => (
          <SettingsList
            items={items}
            writable={may('settings.write')}
            scope="shop"
            save={(setting, value, version) =>
              write.mutateAsync({ params: { shopId, name: setting.name }, body: { value, version } })
            }
            showHistory={setHistory}
          />
        )}
      </Loaded>
      {history && <HistoryDrawer setting={history} onClose={() => setHistory(undefined)} />}
    </Page>
  )
}

function HistoryDrawer({ setting, onClose }: { setting: SettingView; onClose: () => void }) {
  const { shopId } = useShop()
  const read = useRead('console.settingHistory', { params: { shopId, name: setting.name } })
  const words = (value: unknown) =>
    value === null || value === undefined
      ? t('setting.notSet')
      : valueText(value, settingField(setting.schema, setting.unit), setting.unit)
  return (
    <Drawer open size={440} title={locale() === 'en' ? setting.titleEn : setting.title} onClose={onClose}>
      <Loaded query={read}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('setting.noHistory')} />
          ) : (
            <Timeline
              items={items.map((change) => ({
                key: change.at,
                content: (
                  <div className="stack-xs">
                    <div>
                      <span className="strong">{change.actorName}</span> <InstantText at={change.at} />
                    </div>
                    <ChangeList changes={[{ field: '', before: words(change.before), after: words(change.after) }]} />
                  </div>
                ),
              }))}
            />
          )
        }
      </Loaded>
    </Drawer>
  )
}
