import type { Product } from '@zhanggui/contract'
import { Card, Form, Input, Select, TreeSelect } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { PictureUpload } from '../../kit/upload.tsx'
import { AttributesField } from './attributes.tsx'
import { useCategories } from './categories.ts'
import { SkusField } from './skus.tsx'

const MAX_PICTURES = 30
const MAX_DETAIL_PICTURES = 60

/** All fields of the product editor. */
export function ProductFields({ product }: { product: Product | undefined }) {
  const { shopId } = useShop()
  return (
    <div className="editor">
      <div className="editor-main">
        <Card title={t('product.basics')}>
          <Form.Item name="title" label={t('product.title')}>
            <Input maxLength={120} showCount autoFocus={!product} />
          </Form.Item>
          <Form.Item name="subtitle" label={t('product.subtitle')}>
            <Input maxLength={120} placeholder={t('product.subtitleHint')} />
          </Form.Item>
          <Form.Item
            name="pictures"
            label={t('product.pictures')}
            extra={t('product.picturesHint', { max: MAX_PICTURES })}
          >
            <PictureUpload shopId={shopId} max={MAX_PICTURES} label={t('product.pictures')} />
          </Form.Item>
        </Card>
        <Card title={t('product.skus')}>
          <SkusField stock={product?.skus ?? []} />
        </Card>
        <Card title={t('product.detail')}>
          <Form.Item name="detail" label={t('product.detailText')}>
            <Input.TextArea rows={6} maxLength={20_000} showCount />
          </Form.Item>
          <Form.Item name="detailPictures" label={t('product.detailPictures')}>
            <PictureUpload shopId={shopId} max={MAX_DETAIL_PICTURES} label={t('product.detailPictures')} />
          </Form.Item>
        </Card>
      </div>
      <div className="editor-side">
        <Card title={t('product.organise')}>
          <OrganiseFields />
        </Card>
        <Card title={t('product.attributes')}>
          <AttributesField />
        </Card>
      </div>
    </div>
  )
}

function OrganiseFields() {
  const { shopId, may } = useShop()
  const { tree } = useCategories()
  const freight = useRead('console.freightTemplates', { params: { shopId } }, { enabled: may('settings.read') })
  return (
    <>
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
      {may('settings.read') && (
        <Form.Item name="freightTemplateId" label={t('product.freight')}>
          <Select
            allowClear
            placeholder={t('product.freightDefault')}
            options={(freight.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
          />
        </Form.Item>
      )}
    </>
  )
}
