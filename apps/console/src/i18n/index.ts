import { type MessageKey, type Messages, zh } from './zh.ts'

export type Locale = 'zh' | 'en'
type Wording = Record<Locale, string>

export type { MessageKey }

const STORAGE_KEY = 'zg.locale'

let current: Locale = 'zh'
let messages: Messages = zh

/** The language in force. */
export const locale = (): Locale => current

/** A message of the catalogue with `{name}` replaced by `values.name`. */
export function t(key: MessageKey, values?: Record<string, string | number>): string {
  const text: string = messages[key]
  if (!values) return text
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** Whether the catalogue has a message of that name (for names that come from the server). */
export const hasMessage = (key: string): key is MessageKey => key in messages

/** The text in force of something that carries both languages. */
export const say = (wording: Wording): string => wording[current]

/** Each value of a list of wordings with its own: what a column or a choice calls it. */
export const sayEach = (wordings: Record<string, Wording>): Record<string, string> =>
  Object.fromEntries(Object.entries(wordings).map(([value, wording]) => [value, say(wording)]))

/** What all keys under a prefix are called, by the rest of the key. */
export const messagesUnder = (prefix: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(messages).flatMap(([key, text]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), text]] : [],
    ),
  )

/** Loads the remembered language; called once before the first render. */
export async function loadLocale(): Promise<void> {
  if (localStorage.getItem(STORAGE_KEY) !== 'en') return
  messages = (await import('./en.ts')).en
  current = 'en'
  document.documentElement.lang = 'en'
}

/** Changes the language. The page starts anew, so that no text of the other language stays. */
export function switchLocale(next: Locale): void {
  localStorage.setItem(STORAGE_KEY, next)
  location.reload()
}
