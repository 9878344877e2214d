import type { ComponentType } from 'react'
import type { MessageKey } from '../../i18n/zh.ts'
import { AttributesSection } from './sections/attributes.tsx'
import { BasicsSection } from './sections/basics.tsx'
import { DetailSection } from './sections/detail.tsx'
import { OrganiseSection } from './sections/organise.tsx'
import { PicturesSection } from './sections/pictures.tsx'
import { PricesSection } from './sections/prices.tsx'
import { RelatedSection } from './sections/related.tsx'
import { RolesSection } from './sections/roles.tsx'
import type { SectionProps } from './sections/section.tsx'
import { SkusSection } from './sections/skus.tsx'

export interface EditorSection {
  /** The same as in its `Section`. */
  id: string
  title: MessageKey
  Body: ComponentType<SectionProps>
  /** Has its own routes and is shown for stored products only. */
  storedOnly?: boolean
}

/** The sections of the product editor in their order: one line, and one file, for each. */
export const SECTIONS: readonly EditorSection[] = [
  { id: 'basics', title: 'product.basics', Body: BasicsSection },
  { id: 'pictures', title: 'section.media', Body: PicturesSection },
  { id: 'skus', title: 'product.skus', Body: SkusSection },
  { id: 'prices', title: 'price.section', Body: PricesSection, storedOnly: true },
  { id: 'organise', title: 'product.organise', Body: OrganiseSection },
  { id: 'attributes', title: 'product.attributes', Body: AttributesSection },
  { id: 'detail', title: 'product.detail', Body: DetailSection },
  { id: 'related', title: 'related.section', Body: RelatedSection, storedOnly: true },
  { id: 'roles', title: 'section.roles', Body: RolesSection },
]
