import type { SettingView } from '@zhanggui/contract'
import { Card, Empty, Input, Select } from 'antd'
import { Link, useNavigate } from 'react-router'
import { hasMessage, t } from '../../i18n/index.ts'
import { useMedia } from '../../kit/media.ts'
import { useFilters } from '../../kit/use-list.ts'
import { SettingRow } from './setting-row.tsx'
import './settings.css'

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

/** One group of settings at a time, `?group=`; words, `?q=`, are looked for in all of them. */
export function SettingsList({ items, writable, scope, save, showHistory }: Props) {
  const { filters, setFilter } = useFilters()
  const q = filters.q ?? ''
  const groups = Map.groupBy(items, (setting) => setting.group)
  const chosen = filters.group !== undefined && groups.has(filters.group) ? filters.group : items[0]?.group
  const shown = q.trim() === '' ? new Map([...groups].filter(([group]) => group === chosen)) : findByWords(items, q)
  return (
    <div className="settings">
      <GroupIndex groups={groups} chosen={q.trim() === '' ? chosen : undefined} />
      <div className="settings-groups">
        <Input.Search
          allowClear
          className="settings-search"
          placeholder={t('setting.search')}
          aria-label={t('setting.search')}
          value={q}
          onChange={(event) => setFilter('q', event.target.value)}
        />
        {shown.size === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('list.noMatch')} />}
        {[...shown].map(([group, settings]) => (
          <Card key={group} title={groupText(group)}>
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

function findByWords(items: SettingView[], q: string): Map<string, SettingView[]> {
  const words = q.trim().toLowerCase()
  const found = items.filter((each) =>
    [each.name, each.title, each.titleEn, each.help, each.helpEn, groupText(each.group)].some((text) =>
      text.toLowerCase().includes(words),
    ),
  )
  return Map.groupBy(found, (setting) => setting.group)
}

interface IndexProps {
  groups: Map<string, SettingView[]>
  /** None while words are looked for. */
  chosen: string | undefined
}

/** A column of links beside the settings; one field above them where the window is narrow. */
function GroupIndex({ groups, chosen }: IndexProps) {
  const wide = useMedia('(min-width: 1100px)')
  const navigate = useNavigate()
  if (!wide)
    return (
      <Select
        className="wide"
        aria-label={t('setting.groups')}
        placeholder={t('setting.groups')}
        {...(chosen === undefined ? {} : { value: chosen })}
        options={[...groups.keys()].map((group) => ({ value: group, label: groupText(group) }))}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(group) => void navigate(`?group=${group}`)}
      />
    )
  return (
    <nav className="settings-index" aria-label={t('setting.groups')}>
      {[...groups].map(([group, settings]) => (
        <Link key={group} to={`?group=${group}`} {...(group === chosen ? { 'aria-current': 'page' as const } : {})}>
          {groupText(group)}
          <span className="faint small">{settings.length}</span>
        </Link>
      ))}
    </nav>
  )
}
