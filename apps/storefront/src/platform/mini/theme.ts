import Taro from '@tarojs/taro'
import { DEFAULT_THEME, type ThemeChoice, themeOf, themeVariables } from '@zhanggui/contract/theme'
import { useEffect, useState } from 'react'

type Style = Record<string, string>

let current: Style | undefined

/** The shop's colours for what is drawn outside of the page's own tree, such as sheets. */
export const themeStyle = (): Style | undefined => current

const isDark = () => Taro.getAppBaseInfo().theme === 'dark'

/** The shop's colours as variables, following the phone's light and dark; nothing for the colours of the style sheet. */
export function useThemeStyle(choice: ThemeChoice | undefined): Style | undefined {
  const [mode, setMode] = useState<'light' | 'dark'>(isDark() ? 'dark' : 'light')
  useEffect(() => {
    const onChange = ({ theme }: { theme: 'light' | 'dark' }) => setMode(theme)
    Taro.onThemeChange(onChange)
    return () => Taro.offThemeChange(onChange)
  }, [])
  const isPlain = !choice || (choice.action === DEFAULT_THEME.action && choice.trust === DEFAULT_THEME.trust)
  current = isPlain ? undefined : themeVariables(themeOf(choice)[mode])
  return current
}
