import { Form, Skeleton } from 'antd'
import { lazy, Suspense, useMemo } from 'react'
import { detailFilesOf } from '../product-form.ts'
import { Section, type SectionProps } from './section.tsx'

/** The editor is large, and comes when the section is shown. */
const RichEditor = lazy(() => import('../rich/rich-editor.tsx'))

/** What stands below the fold of the product page. */
export function DetailSection({ product }: SectionProps) {
  const files = useMemo(() => detailFilesOf(product), [product])
  return (
    <Section id="detail" title="product.detail">
      <Suspense fallback={<Skeleton active />}>
        <Form.Item name="detailDocument">
          <RichEditor files={files} />
        </Form.Item>
      </Suspense>
    </Section>
  )
}
