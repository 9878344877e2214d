import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input } from 'antd'
import { t } from '../../i18n/index.ts'

const MAX_ATTRIBUTES = 60

/** Name and value pairs, such as 产地 and 福建. */
export function AttributesField() {
  return (
    <Form.List name="attributes">
      {(fields, { add, remove }) => (
        <div className="stack-s">
          {fields.map((field) => (
            <div key={field.key} className="pair">
              <Form.Item name={[field.name, 'name']} noStyle>
                <Input
                  placeholder={t('product.attributeName')}
                  aria-label={t('product.attributeName')}
                  maxLength={30}
                />
              </Form.Item>
              <Form.Item name={[field.name, 'value']} noStyle>
                <Input
                  placeholder={t('product.attributeValue')}
                  aria-label={t('product.attributeValue')}
                  maxLength={200}
                />
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('action.remove')}
                onClick={() => remove(field.name)}
              />
            </div>
          ))}
          {fields.length < MAX_ATTRIBUTES && (
            <Button type="dashed" block icon={<PlusOutlined />} onClick={() => add({ name: '', value: '' })}>
              {t('product.addAttribute')}
            </Button>
          )}
        </div>
      )}
    </Form.List>
  )
}
