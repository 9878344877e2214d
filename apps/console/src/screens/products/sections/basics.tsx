import { Form, Input } from 'antd'
import { t } from '../../../i18n/index.ts'
import { TitleHelper } from '../guide/title-helper.tsx'
import { Section, type SectionProps } from './section.tsx'

/** Title, what buyers call the product, and subtitle. */
export function BasicsSection({ product }: SectionProps) {
  return (
    <Section id="basics" title="product.basics">
      <Form.Item name="title" label={t('product.title')} className="tight">
        <Input maxLength={120} showCount autoFocus={!product} />
      </Form.Item>
      <TitleHelper />
      <div className="pair">
        <Form.Item name="coreKeyword" label={t('title.core')}>
          <Input maxLength={30} placeholder={t('title.coreHint')} />
        </Form.Item>
        <Form.Item name="subtitle" label={t('product.subtitle')}>
          <Input maxLength={120} placeholder={t('product.subtitleHint')} />
        </Form.Item>
      </div>
    </Section>
  )
}
