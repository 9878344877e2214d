import type { Platform } from '../port.ts'

const TOAST_MS = 2_200

/** A short message above everything, read out by screen readers. */
export const toast: Platform['toast'] = (text, kind = 'plain') => {
  document.querySelector('.zg-toast')?.remove()
  const box = document.createElement('div')
  box.className = `zg-toast zg-toast-${kind}`
  box.setAttribute('role', kind === 'bad' ? 'alert' : 'status')
  box.textContent = text
  document.body.append(box)
  // the top layer: above a sheet that is open, and still there when it closes
  box.popover = 'manual'
  box.showPopover?.()
  setTimeout(() => box.remove(), TOAST_MS)
}
