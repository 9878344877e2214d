import { HEAD_STYLES, type SettingView } from '@zhanggui/contract'
import { DEFAULT_THEME, type HexColor, judgeColor, type ThemeChoice } from '@zhanggui/contract/theme'
import { Button, Card, Segmented } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { locale, t } from '../../i18n/index.ts'
import { errorText, useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { PictureSetting } from '../settings/picture-setting.tsx'
import { ColorField } from './color-field.tsx'
import { HomePreview } from './home-preview.tsx'
import { LookSample } from './sample.tsx'

const NAMES = ['shop.action-color', 'shop.trust-color', 'shop.logo', 'shop.head-style'] as const
type Name = (typeof NAMES)[number]
type Values = Record<Name, string>

const ACTIONS: HexColor[] = [
  DEFAULT_THEME.action,
  '#c8102e',
  '#b0227a',
  '#6b3fa0',
  '#1f5fbf',
  '#00756a',
  '#7a4d12',
  '#2b2f36',
]
const TRUSTS: HexColor[] = [DEFAULT_THEME.trust, '#00756a', '#1f5fbf', '#3f6f3a', '#5a5f66']

/** How the shop looks: two colours, the logo, the name. */
export default function LookPage() {
  const { shopId, may } = useShop()
  const read = useRead('console.settings', { params: { shopId } })
  if (read.data === undefined)
    return (
      <Page title={t('nav.look')} hint={t('look.hint')}>
        <Loaded query={read}>{() => null}</Loaded>
      </Page>
    )
  return (
    <Look settings={new Map(read.data.items.map((each) => [each.name, each]))} isWritable={may('settings.write')} />
  )
}

const titleOf = ({ title, titleEn }: SettingView) => (locale() === 'en' ? titleEn : title)
const helpOf = ({ help, helpEn }: SettingView) => (locale() === 'en' ? helpEn : help)

function Look({ settings, isWritable }: { settings: ReadonlyMap<string, SettingView>; isWritable: boolean }) {
  const { shopId } = useShop()
  const { done, failed } = useFeedback()
  const write = useWrite('console.setSetting', ['console.settings', 'console.settingHistory'])
  const kept = Object.fromEntries(NAMES.map((name) => [name, String(settings.get(name)!.value)])) as Values
  const [edited, setEdited] = useState<Partial<Values>>({})
  const [isBusy, setBusy] = useState(false)
  const [saves, setSaves] = useState(0)
  const values = { ...kept, ...edited }
  const changed = NAMES.filter((name) => values[name] !== kept[name])
  const choice = { action: values['shop.action-color'], trust: values['shop.trust-color'] } as ThemeChoice
  const isReadable = judgeColor(choice.action).isReadable && judgeColor(choice.trust).isReadable
  const set = (name: Name) => (value: string) => setEdited({ ...edited, [name]: value })
  const save = async () => {
    setBusy(true)
    try {
      for (const name of changed) {
        const { version } = settings.get(name)!
        await write.mutateAsync({ params: { shopId, name }, body: { value: values[name], version } })
      }
      setEdited({})
      setSaves(saves + 1)
      done(t('action.saved'))
    } catch (error) {
      failed(new Error(errorText(error)))
    } finally {
      setBusy(false)
    }
  }
  const words = (name: Name) => ({ label: titleOf(settings.get(name)!), help: helpOf(settings.get(name)!) })
  const isOff = !isWritable || isBusy
  const actions = isWritable && (
    <>
      <Button disabled={changed.length === 0 || isBusy} onClick={() => setEdited({})}>
        {t('action.cancel')}
      </Button>
      <Button
        type="primary"
        loading={isBusy}
        disabled={changed.length === 0 || !isReadable}
        onClick={() => void save()}
      >
        {t('action.save')}
      </Button>
    </>
  )
  return (
    <Page title={t('nav.look')} hint={t('look.hint')} actions={actions}>
      <div className="look">
        <div className="stack-l">
          <Card>
            <div className="stack-l">
              <ColorField
                {...words('shop.action-color')}
                value={choice.action}
                presets={ACTIONS}
                disabled={isOff}
                onChange={set('shop.action-color')}
              />
              <ColorField
                {...words('shop.trust-color')}
                value={choice.trust}
                presets={TRUSTS}
                disabled={isOff}
                onChange={set('shop.trust-color')}
              />
            </div>
          </Card>
          <Card>
            <div className="stack-l">
              <fieldset className="look-color">
                <legend className="strong">{words('shop.logo').label}</legend>
                <p className="soft small">{words('shop.logo').help}</p>
                <PictureSetting
                  label={words('shop.logo').label}
                  value={values['shop.logo']}
                  disabled={isOff}
                  onChange={set('shop.logo')}
                />
              </fieldset>
              <fieldset className="look-color">
                <legend className="strong">{words('shop.head-style').label}</legend>
                <p className="soft small">{words('shop.head-style').help}</p>
                <Segmented
                  aria-label={words('shop.head-style').label}
                  disabled={isOff}
                  value={values['shop.head-style']}
                  options={HEAD_STYLES.map((value) => ({ value, label: t(`option.${value}`) }))}
                  onChange={set('shop.head-style')}
                />
              </fieldset>
            </div>
          </Card>
        </div>
        <div className="stack-l look-shown">
          <LookSample choice={choice} />
          <HomePreview key={saves} choice={choice} />
        </div>
      </div>
    </Page>
  )
}
