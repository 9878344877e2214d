import type { DraftBlock, Picture, RelatedProduct } from '@zhanggui/contract'
import { createContext, type ReactNode, useContext } from 'react'

export type Product = Pick<RelatedProduct, 'id' | 'title' | 'picture' | 'minPriceFen' | 'maxPriceFen'>

/** What panels need to know of the page beside their block. */
export interface Editing {
  pictures: ReadonlyMap<string, Picture>
  products: ReadonlyMap<string, Product>
  /** Pictures that were uploaded and products that were picked are known at once. */
  addPicture: (picture: Picture) => void
  addProduct: (product: Product) => void
  isWritable: boolean
}

const EditingContext = createContext<Editing | undefined>(undefined)
export const EditingProvider = EditingContext.Provider

export function useEditing(): Editing {
  const editing = useContext(EditingContext)
  if (!editing) throw new Error('A panel outside of the editor')
  return editing
}

/** What a panel of one kind of block takes. `key` names the field: typing on in it is one step of the history. */
export interface PanelProps {
  block: DraftBlock
  patch: (fields: object, key?: string) => void
}

/** A field of a panel with its label; the control says its name itself, so that what opens lists is not opened twice. */
export function Field({ label, hint, children }: { label: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className="design-field">
      <span className="design-label" aria-hidden>
        {label}
      </span>
      {children}
      {hint && <span className="faint small">{hint}</span>}
    </div>
  )
}

/** The same for something that is no single control. */
export function Group({ label, children, hint }: { label: string; children: ReactNode; hint?: ReactNode }) {
  return (
    <fieldset className="design-field">
      <legend className="design-label">{label}</legend>
      {children}
      {hint && <span className="faint small">{hint}</span>}
    </fieldset>
  )
}
