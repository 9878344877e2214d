import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { SheetProps } from '../types.ts'

/** A panel from the bottom (a card in the middle on wide screens); the browser keeps the focus inside. */
export function Sheet({ isOpen, onClose, title, footer, testId, children }: SheetProps): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (!dialog || dialog.open === isOpen) return
    if (!isOpen) return dialog.close()
    dialog.showModal()
    // the browser would take the first key, which closes it, and draw a ring around it
    const box = dialog.firstElementChild as HTMLElement
    box.focus()
  }, [isOpen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a tap beside the sheet closes it as Escape does, which the dialog handles
    <dialog
      ref={ref}
      class="zg-sheet"
      aria-label={title}
      data-testid={testId}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      {isOpen && (
        <div class="zg-sheet-box" tabIndex={-1}>
          <header class="zg-sheet-head">
            <h2 class="zg-sheet-title">{title}</h2>
            <button type="button" class="zg-tap zg-sheet-close" aria-label="关闭" onClick={onClose}>
              <span class="zg-icon zg-icon-close" />
            </button>
          </header>
          <div class="zg-sheet-body">{children}</div>
          {footer && <footer class="zg-sheet-foot">{footer}</footer>}
        </div>
      )}
    </dialog>
  )
}
