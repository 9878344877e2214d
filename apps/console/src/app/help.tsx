import { CloseOutlined, QuestionCircleOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useLocation } from 'react-router'
import { hasMessage, t } from '../i18n/index.ts'

/** The section of the console that an address belongs to: `orders` for `/s/shop/orders/123`. */
export function sectionOf(pathname: string): string | undefined {
  const parts = pathname
    .replace(/^\/console/, '')
    .split('/')
    .filter(Boolean)
  return parts[0] === 's' ? parts[2] : parts[0] === 'platform' ? `platform-${parts[1]}` : undefined
}

interface Help {
  what: string
  /** One step or hint a line. */
  how: string[]
}

/** What the catalogue says of a section: `help.<section>.what` and `.how`, whose lines are set apart by `|`. */
export function helpFor(section: string | undefined): Help | undefined {
  const [what, how] = [`help.${section}.what`, `help.${section}.how`]
  if (!hasMessage(what) || !hasMessage(how)) return undefined
  return { what: t(what), how: t(how).split('|') }
}

/** The question mark beside a screen's title, and what it opens. */
export function useHelp() {
  const { pathname } = useLocation()
  const [open, setOpen] = useState(false)
  const help = helpFor(sectionOf(pathname))
  if (!help) return { button: null, panel: null }
  const text = t(open ? 'help.close' : 'help.open')
  return {
    button: (
      <Button
        type="text"
        size="small"
        className="help-button"
        icon={<QuestionCircleOutlined />}
        aria-label={text}
        title={text}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
    ),
    panel: open ? (
      <aside className="help-panel" aria-label={t('help.title')}>
        <Button
          type="text"
          size="small"
          className="help-close"
          icon={<CloseOutlined />}
          aria-label={t('help.close')}
          onClick={() => setOpen(false)}
        />
        <p>{help.what}</p>
        <ul>
          {help.how.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p className="soft small">{t('help.more')}</p>
      </aside>
    ) : null,
  }
}
