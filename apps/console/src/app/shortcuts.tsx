import { Modal } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { t } from '../i18n/index.ts'
import { isTyping } from '../kit/row-keys.ts'

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
/** What the platform's own key for commands is called. */
export const COMMAND_KEY = isMac ? '⌘' : 'Ctrl'

/** Opens the search with ⌘K or Ctrl + K, with `/` where the screen has no search of its own, and the list of keys with `?`. */
export function useShortcuts(openSearch: () => void): { keysShown: boolean; hideKeys: () => void } {
  const [keysShown, setKeysShown] = useState(false)
  const latest = useRef(openSearch)
  latest.current = openSearch
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isCommand = (event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k'
      if (isCommand) latest.current()
      else if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      else if (event.key === '/' && !document.querySelector('.filter-search')) latest.current()
      else if (event.key === '?') setKeysShown(true)
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return { keysShown, hideKeys: () => setKeysShown(false) }
}

/** Every key that does something, in one place. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const keys: [string[], string][] = [
    [[COMMAND_KEY, 'K'], t('keys.search')],
    [['/'], t('keys.filter')],
    [['?'], t('keys.keys')],
    [['j', 'k'], t('keys.rows')],
    [['Enter'], t('keys.open')],
    [['x'], t('keys.select')],
    [[COMMAND_KEY, 'Enter'], t('keys.save')],
    [['Esc'], t('keys.close')],
  ]
  return (
    <Modal open title={t('keys.title')} footer={null} onCancel={onClose} width={420}>
      <dl className="keys">
        {keys.map(([names, text]) => (
          <div key={text}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
