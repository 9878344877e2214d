import { Form, Select } from 'antd'
import { Link } from 'react-router'
import { useShop } from '../../../app/session.tsx'
import { t } from '../../../i18n/index.ts'
import { useRead } from '../../../kit/api.ts'

/** The values of the shop's tag dimensions that the product carries. */
export function TagValuesField() {
  const { shopId, shop } = useShop()
  const dimensions = useRead('console.tagDimensions', { params: { shopId } }).data?.items ?? []
  return (
    <Form.Item
      name="tagValueIds"
      label={t('tags.title')}
      extra={
        <Link to={`/s/${shop.slug}/tags`} target="_blank">
          {t('tags.manage')}
        </Link>
      }
    >
      <Select
        mode="multiple"
        allowClear
        placeholder={t('tags.choose')}
        showSearch={{ optionFilterProp: 'label' }}
        options={dimensions.map((dimension) => ({
          label: dimension.name,
          title: dimension.name,
          options: dimension.values.map(({ id, name }) => ({
            value: id,
            label: t('tags.option', { dimension: dimension.name, name }),
          })),
        }))}
      />
    </Form.Item>
  )
}
