/** What stands around the screens: theme, language, search, views, help, overview. */
export const workspaceZh = {
  'theme.title': '外观',
  'theme.system': '跟随系统',
  'theme.light': '浅色',
  'theme.dark': '深色',
  'locale.other': 'English',
} as const
