import { PRODUCT_ROLES } from '@zhanggui/contract'
import { Form, Select, Switch } from 'antd'
import { t } from '../../../i18n/index.ts'
import { PROVINCES } from '../../settings/provinces.ts'
import { Section } from './section.tsx'

/** What the product is for, and whether it is sold in certain places only. */
export function RolesSection() {
  return (
    <Section id="roles" title="section.roles">
      <Form.Item name="role" label={t('role.title')} extra={t('role.reportHint')}>
        <Select
          options={PRODUCT_ROLES.map((role) => ({
            value: role,
            label: `${t(`role.name.${role}`)} · ${t(`role.text.${role}`)}`,
          }))}
        />
      </Form.Item>
      <div className="pair">
        <Form.Item
          name="channelExclusive"
          valuePropName="checked"
          label={t('role.channelExclusive')}
          extra={t('role.channelExclusiveHint')}
        >
          <Switch />
        </Form.Item>
        <Form.Item name="exclusiveProvinces" label={t('role.provinces')} extra={t('role.provincesHint')}>
          <Select
            mode="multiple"
            allowClear
            maxTagCount="responsive"
            options={PROVINCES.map(({ region, names }) => ({
              label: region,
              title: region,
              options: names.map((name) => ({ value: name, label: name })),
            }))}
          />
        </Form.Item>
      </div>
    </Section>
  )
}
