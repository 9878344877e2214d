import { AttributesField } from '../attributes.tsx'
import { Section } from './section.tsx'

/** Name and value pairs. */
export function AttributesSection() {
  return (
    <Section id="attributes" title="product.attributes">
      <AttributesField />
    </Section>
  )
}
