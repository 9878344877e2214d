import { Form, Input } from 'antd'
import { t } from '../../../i18n/index.ts'
import { Section, type SectionProps } from './section.tsx'

/** Title and subtitle. */
export function BasicsSection({ product }: SectionProps) {
  return (
    <Section id="basics" title="product.basics">
      <Form.Item name="title" label={t('product.title')}>
        <Input maxLength={120} showCount autoFocus={!product} />
      </Form.Item>
      <Form.Item name="subtitle" label={t('product.subtitle')}>
        <Input maxLength={120} placeholder={t('product.subtitleHint')} />
      </Form.Item>
    </Section>
  )
}
