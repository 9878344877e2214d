import type { Platform } from '../port.ts'

/** Asks before something that cannot be undone. */
export const confirm: Platform['confirm'] = ({ title, content, confirmText = '确定', cancelText = '取消', isDanger }) =>
  new Promise((done) => {
    const dialog = element('dialog', 'zg-dialog')
    dialog.setAttribute('aria-label', title)
    const form = element('form', 'zg-dialog-box')
    form.method = 'dialog'
    const heading = element('h2', 'zg-dialog-title', title)
    const buttons = element('div', 'zg-dialog-buttons')
    const no = element('button', 'zg-button zg-button-plain', cancelText)
    const yes = element('button', `zg-button ${isDanger ? 'zg-button-danger' : 'zg-button-primary'}`, confirmText)
    yes.value = 'yes'
    yes.dataset.testid = 'confirm-yes'
    buttons.append(no, yes)
    form.append(heading, ...(content ? [element('p', 'zg-dialog-text', content)] : []), buttons)
    dialog.append(form)
    dialog.addEventListener('close', () => {
      dialog.remove()
      done(dialog.returnValue === 'yes')
    })
    document.body.append(dialog)
    dialog.showModal()
    yes.focus()
  })

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text?: string,
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  node.className = className
  if (text !== undefined) node.textContent = text
  return node
}
