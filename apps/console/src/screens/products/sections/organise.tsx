import { Form, Input, InputNumber, Select, TreeSelect } from 'antd'
import { useShop } from '../../../app/session.tsx'
import { t } from '../../../i18n/index.ts'
import { useRead } from '../../../kit/api.ts'
import { useCategories } from '../categories.ts'
import { Section } from './section.tsx'
import { TagValuesField } from './tag-values.tsx'

/** Category, brand, tags and freight. */
export function OrganiseSection() {
  const { shopId, may } = useShop()
  const { tree } = useCategories()
  const freight = useRead('console.freightTemplates', { params: { shopId } }, { enabled: may('settings.read') })
  return (
    <Section id="organise" title="product.organise">
      <div className="pair">
        <Form.Item name="categoryId" label={t('product.category')}>
          <TreeSelect
            treeData={tree}
            allowClear
            treeDefaultExpandAll
            showSearch={{ treeNodeFilterProp: 'title' }}
            placeholder={t('product.categoryHint')}
          />
        </Form.Item>
        <Form.Item name="brand" label={t('product.brand')}>
          <Input maxLength={60} />
        </Form.Item>
      </div>
      <Form.Item name="tags" label={t('product.tags')}>
        <Select
          mode="tags"
          maxCount={20}
          tokenSeparators={[',', '，', ' ']}
          open={false}
          suffixIcon={null}
          placeholder={t('product.tagsHint')}
        />
      </Form.Item>
      <TagValuesField />
      <Form.Item name="purchaseLimit" label={t('product.purchaseLimit')} extra={t('product.purchaseLimitHint')}>
        <InputNumber
          min={1}
          max={9999}
          precision={0}
          placeholder={t('product.purchaseLimitNone')}
          suffix={t('product.purchaseLimitUnit')}
          style={{ width: 200 }}
        />
      </Form.Item>
      {may('settings.read') && (
        <Form.Item name="freightTemplateId" label={t('product.freight')}>
          <Select
            allowClear
            placeholder={t('product.freightDefault')}
            options={(freight.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
          />
        </Form.Item>
      )}
    </Section>
  )
}
