import type { SettingView } from '@zhanggui/contract'
import { Alert, Button, Tag, Tooltip } from 'antd'
import { useState } from 'react'
import { locale, t } from '../../i18n/index.ts'
import { errorText } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { settingField } from '../../kit/setting-field.ts'
import { SettingInput } from './setting-input.tsx'
import { rangeText, valueText } from './value-text.ts'

interface Props {
  setting: SettingView
  writable: boolean
  /** The scope these settings are edited in: a value set there can be taken back. */
  scope: 'shop' | 'platform'
  save: (value: unknown, version: number) => Promise<unknown>
  showHistory?: () => void
}

const SOURCES = { default: 'default', platform: 'blue', shop: 'success', campaign: 'orange' } as const

/** One setting: what it means, its value, where the value comes from. */
export function SettingRow({ setting, writable, scope, save, showHistory }: Props) {
  const { done } = useFeedback()
  const [draft, setDraft] = useState<{ value: unknown }>()
  const [resets, setResets] = useState(0)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const title = locale() === 'en' ? setting.titleEn : setting.title
  const field = settingField(setting.schema, setting.unit)
  const changed = draft !== undefined && JSON.stringify(draft.value) !== JSON.stringify(setting.value)
  const write = async (value: unknown) => {
    setBusy(true)
    setError(undefined)
    try {
      await save(value, setting.version)
      setDraft(undefined)
      done(t('setting.saved', { title }))
    } catch (failure) {
      setError(errorText(failure))
    } finally {
      setBusy(false)
    }
  }
  const discard = () => {
    setDraft(undefined)
    setError(undefined)
    setResets(resets + 1)
  }
  return (
    <div className="setting" id={setting.name} data-testid={`setting-${setting.name}`}>
      <SettingWords setting={setting} />
      <div className="setting-control">
        <SettingInput
          key={`${setting.version}-${resets}`}
          field={field}
          unit={setting.unit}
          label={title}
          value={draft ? draft.value : setting.value}
          disabled={!writable || busy}
          onChange={(value) => setDraft({ value })}
        />
        {error && <Alert type="error" title={error} />}
        <div className="setting-tools">
          {changed ? (
            <SaveOrNot busy={busy} save={() => void write(draft.value)} discard={discard} />
          ) : (
            writable &&
            setting.source === scope && <ResetButton scope={scope} busy={busy} reset={() => void write(null)} />
          )}
          {showHistory && (
            <Button size="small" type="text" onClick={showHistory}>
              {t('setting.history')}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}

function SaveOrNot({ busy, save, discard }: { busy: boolean; save: () => void; discard: () => void }) {
  return (
    <>
      <Button type="primary" size="small" loading={busy} onClick={save}>
        {t('action.save')}
      </Button>
      <Button size="small" disabled={busy} onClick={discard}>
        {t('action.cancel')}
      </Button>
    </>
  )
}

function ResetButton({ scope, busy, reset }: { scope: Props['scope']; busy: boolean; reset: () => void }) {
  return (
    <Tooltip title={t(scope === 'shop' ? 'setting.resetShop' : 'setting.resetPlatform')}>
      <Button size="small" type="text" loading={busy} onClick={reset}>
        {t('setting.reset')}
      </Button>
    </Tooltip>
  )
}

/** What a setting means, what it is by default, who changed it. */
function SettingWords({ setting }: { setting: SettingView }) {
  const english = locale() === 'en'
  const field = settingField(setting.schema, setting.unit)
  return (
    <div className="setting-words">
      <div className="setting-title">
        <span className="strong">{english ? setting.titleEn : setting.title}</span>
        <Tag color={SOURCES[setting.source]}>{t(`setting.source.${setting.source}`)}</Tag>
      </div>
      <p className="soft">{english ? setting.helpEn : setting.help}</p>
      <p className="faint small">
        {t('setting.default', { value: valueText(setting.defaultValue, field, setting.unit) })}
        {rangeText(field, setting.unit)}
        {setting.updatedAt && (
          <>
            {' · '}
            {t('setting.changedBy', { name: setting.updatedBy ?? '—' })} <InstantText at={setting.updatedAt} />
          </>
        )}
      </p>
    </div>
  )
}
