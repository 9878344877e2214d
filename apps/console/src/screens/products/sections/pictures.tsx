import { Form } from 'antd'
import { useShop } from '../../../app/session.tsx'
import { t } from '../../../i18n/index.ts'
import { PictureUpload } from '../../../kit/upload.tsx'
import { Section } from './section.tsx'

const MAX_PICTURES = 30

/** The pictures that a buyer leafs through. */
export function PicturesSection() {
  const { shopId } = useShop()
  return (
    <Section id="pictures" title="product.pictures">
      <Form.Item name="pictures" extra={t('product.picturesHint', { max: MAX_PICTURES })}>
        <PictureUpload shopId={shopId} max={MAX_PICTURES} label={t('product.pictures')} />
      </Form.Item>
    </Section>
  )
}
