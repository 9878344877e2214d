import type { SettingView } from '@zhanggui/contract'
import { Anchor, Card, Empty, Input } from 'antd'
import { hasMessage, t } from '../../i18n/index.ts'
import { useMedia } from '../../kit/media.ts'
import { useFilters } from '../../kit/use-list.ts'
import { SettingRow } from './setting-row.tsx'

interface Props {
  items: SettingView[]
  writable: boolean
  scope: 'shop' | 'platform'
  save: (setting: SettingView, value: unknown, version: number) => Promise<unknown>
  showHistory?: (setting: SettingView) => void
}

const groupText = (group: string): string => {
  const key = `settingGroup.${group}`
  return hasMessage(key) ? t(key) : group
}

/** Settings by group, found by words. */
export function SettingsList({ items, writable, scope, save, showHistory }: Props) {
  const { filters, setFilter } = useFilters()
  const q = filters.q ?? ''
  const wide = useMedia('(min-width: 1100px)')
  const words = q.trim().toLowerCase()
  const found = items.filter(
    (each) =>
      words === '' ||
      [each.name, each.title, each.titleEn, each.help, each.helpEn].some((text) => text.toLowerCase().includes(words)),
  )
  const groups = [...Map.groupBy(found, (setting) => setting.group)]
  return (
    <div className="settings">
      {wide && (
        <Anchor
          className="settings-index"
          offsetTop={72}
          items={groups.map(([group]) => ({ key: group, href: `#group-${group}`, title: groupText(group) }))}
        />
      )}
      <div className="settings-groups">
        <Input.Search
          allowClear
          className="settings-search"
          placeholder={t('setting.search')}
          aria-label={t('setting.search')}
          value={q}
          onChange={(event) => setFilter('q', event.target.value)}
        />
        {groups.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('list.noMatch')} />}
        {groups.map(([group, settings]) => (
          <Card key={group} id={`group-${group}`} title={groupText(group)}>
            {settings.map((setting) => (
              <SettingRow
                key={setting.name}
                setting={setting}
                writable={writable}
                scope={scope}
                save={(value, version) => save(setting, value, version)}
                {...(showHistory ? { showHistory: () => showHistory(setting) } : {})}
              />
            ))}
          </Card>
        ))}
      </div>
    </div>
  )
}
