import { useSyncExternalStore } from 'react'
import { useMedia } from '../kit/media.ts'
import type { Mode } from './theme.ts'

/** What a person wants: a mode of their own, or whatever the device is set to. */
export const THEME_CHOICES = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof THEME_CHOICES)[number]

const STORAGE_KEY = 'zg.theme'
const listeners = new Set<() => void>()

/** Reads the remembered choice; anything unknown means the device's setting. */
export function themeChoice(): ThemeChoice {
  const kept = localStorage.getItem(STORAGE_KEY)
  return THEME_CHOICES.find((each) => each === kept) ?? 'system'
}

/** Remembers the choice in this browser; every open screen follows at once. */
export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(STORAGE_KEY, choice)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // Another tab has chosen.
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, themeChoice)

/** The mode in force. */
export function useMode(): Mode {
  const dark = useMedia('(prefers-color-scheme: dark)')
  const choice = useThemeChoice()
  if (choice !== 'system') return choice
  return dark ? 'dark' : 'light'
}
