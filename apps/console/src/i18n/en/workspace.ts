import type { workspaceZh } from '../zh/workspace.ts'

export const workspaceEn: Record<keyof typeof workspaceZh, string> = {
  'theme.title': 'Appearance',
  'theme.system': 'As the device',
  'theme.light': 'Light',
  'theme.dark': 'Dark',
  'locale.other': '中文',
}
