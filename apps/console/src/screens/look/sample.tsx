import { GROUNDS, type Theme, type ThemeChoice, themeOf } from '@zhanggui/contract/theme'
import { t } from '../../i18n/index.ts'

const WORDS = { light: { text: '#16181b', muted: '#61666e' }, dark: { text: '#f1f2f4', muted: '#a3a8b0' } } as const

/** What the two colours become on light and dark screens: buttons, prices, tags and promises. */
export function LookSample({ choice }: { choice: ThemeChoice }) {
  const theme = themeOf(choice)
  return (
    <div className="look-samples">
      {(['light', 'dark'] as const).map((mode) => (
        <Card key={mode} mode={mode} palette={theme[mode]} />
      ))}
    </div>
  )
}

function Card({ mode, palette }: { mode: keyof Theme; palette: Theme['light'] }) {
  const { page, surface } = GROUNDS[mode]
  const { action, trust } = palette
  const { text, muted } = WORDS[mode]
  return (
    <figure className="look-sample" style={{ background: page, color: text }}>
      <figcaption style={{ color: muted }}>{t(`look.mode.${mode}`)}</figcaption>
      <div className="look-sample-card" style={{ background: surface }}>
        <span className="strong">{t('look.sample.title')}</span>
        <span>
          <span className="look-sample-tag" style={{ background: action.soft, color: action.text }}>
            {t('look.sample.tag')}
          </span>{' '}
          <span className="look-sample-tag" style={{ background: trust.soft, color: trust.text }}>
            {t('look.sample.promise')}
          </span>
        </span>
        <span className="look-sample-price num" style={{ color: action.text }}>
          ¥88.00
        </span>
        <span className="look-sample-buttons">
          <span style={{ background: action.soft, color: action.text }}>{t('look.sample.cart')}</span>
          <span style={{ background: action.base, color: action.on }}>{t('look.sample.buy')}</span>
          <span style={{ background: trust.base, color: trust.on }}>{t('look.sample.pay')}</span>
        </span>
      </div>
    </figure>
  )
}
