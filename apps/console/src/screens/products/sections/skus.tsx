import { SkusField } from '../skus.tsx'
import { Section, type SectionProps } from './section.tsx'

/** Options and the SKUs that follow from them. */
export function SkusSection({ product }: SectionProps) {
  return (
    <Section id="skus" title="product.skus">
      <SkusField stock={product?.skus ?? []} />
    </Section>
  )
}
