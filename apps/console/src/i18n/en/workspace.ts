import type { workspaceZh } from '../zh/workspace.ts'

export const workspaceEn: Record<keyof typeof workspaceZh, string> = {
  'theme.title': 'Appearance',
  'theme.system': 'As the device',
  'theme.light': 'Light',
  'theme.dark': 'Dark',
  'locale.other': '中文',
  'action.undo': 'Undo',
  'action.undone': 'Undone',
  'list.roomy': 'Roomy',
  'list.dense': 'Dense',
  'list.columnEarlier': '{column}: earlier',
  'list.columnLater': '{column}: later',
  'list.columnsReset': 'As it was',
  'list.selectAll': 'Select all results',
  'list.selectPage': 'Select this page',
  'list.selectedMost': 'At most {count} can be selected at once; narrow the filter down',
  'list.actions': 'Actions',
  'list.total': '{count} in all',
  'list.range': '{from}–{to}',
}
