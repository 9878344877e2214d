import { Form, Input } from 'antd'
import { useShop } from '../../../app/session.tsx'
import { t } from '../../../i18n/index.ts'
import { PictureUpload } from '../../../kit/upload.tsx'
import { Section } from './section.tsx'

const MAX_DETAIL_PICTURES = 60

/** What stands below the fold of the product page. */
export function DetailSection() {
  const { shopId } = useShop()
  return (
    <Section id="detail" title="product.detail">
      <Form.Item name="detail" label={t('product.detailText')}>
        <Input.TextArea rows={6} maxLength={20_000} showCount />
      </Form.Item>
      <Form.Item name="detailPictures" label={t('product.detailPictures')}>
        <PictureUpload shopId={shopId} max={MAX_DETAIL_PICTURES} label={t('product.detailPictures')} />
      </Form.Item>
    </Section>
  )
}
