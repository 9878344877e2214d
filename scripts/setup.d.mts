export const ROOT: string
export function prepare(): Promise<void>
export function onParentGone(callback: () => void): void
export function fail(zh: string, en: string): never
