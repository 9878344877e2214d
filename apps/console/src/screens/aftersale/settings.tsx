import {
  AFTERSALE_FAULTS,
  AFTERSALE_TYPES,
  AftersaleFault,
  type AftersalePolicy,
  AftersaleType,
  ROUTES,
} from '@zhanggui/contract'
import { Button, Card, Checkbox, Form, Input, Select } from 'antd'
import { useRef } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormBody, useResourceForm } from '../../kit/resource-form.tsx'

const STALE = ['console.aftersalePolicy'] as const

/** Reasons that buyers choose from, and where goods are sent back to. */
export default function AftersaleSettingsPage() {
  const { shop, shopId } = useShop()
  const read = useRead('console.aftersalePolicy', { params: { shopId } })
  return (
    <Page
      title={t('nav.aftersaleSettings')}
      hint={<Link to={`/s/${shop.slug}/settings?group=aftersale`}>{t('aftersale.clocks')}</Link>}
    >
      <Loaded query={read}>
        {(policy) => (
          <div className="stack-l">
            <AddressesCard key={`a${policy.version}`} policy={policy} />
            <ReasonsCard key={`r${policy.version}`} policy={policy} />
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function AddressesCard({ policy }: { policy: AftersalePolicy }) {
  const { shopId, may } = useShop()
  const { done } = useFeedback()
  const save = useWrite('console.saveReturnAddresses', STALE)
  const initial = { addresses: policy.addresses }
  const state = useResourceForm({
    ...{ schema: ROUTES['console.saveReturnAddresses'].body, initial },
    toInput: ({ addresses }: typeof initial) => ({ version: policy.version, addresses }),
    submit: async (body) => {
      await save.mutateAsync({ params: { shopId }, body })
      done(t('aftersale.saved'))
    },
  })
  const writable = may('settings.write')
  return (
    <Card title={t('aftersale.addresses')} data-testid="return-addresses">
      <p className="faint">{t('aftersale.addressesHint')}</p>
      <FormBody state={state} initial={initial}>
        <Form.List name="addresses">
          {(fields, { add, remove }) => (
            <div className="stack-l">
              {fields.map(({ key, name }) => (
                <div key={key} className="stack-s">
                  <div className="pair">
                    <Form.Item name={[name, 'name']} label={t('aftersale.addressName')}>
                      <Input maxLength={30} />
                    </Form.Item>
                    <Form.Item name={[name, 'phone']} label={t('aftersale.addressPhone')}>
                      <Input maxLength={11} inputMode="tel" />
                    </Form.Item>
                  </div>
                  <Form.Item label={t('aftersale.addressPlace')}>
                    <div className="aftersale-place">
                      {(['province', 'city', 'district'] as const).map((part) => (
                        <Form.Item key={part} name={[name, part]} noStyle>
                          <Input maxLength={40} aria-label={`${t('aftersale.addressPlace')} ${part}`} />
                        </Form.Item>
                      ))}
                    </div>
                  </Form.Item>
                  <Form.Item name={[name, 'detail']} label={t('aftersale.addressDetail')}>
                    <Input maxLength={120} />
                  </Form.Item>
                  <div className="aftersale-foot">
                    <Form.Item name={[name, 'isDefault']} valuePropName="checked" noStyle>
                      <Checkbox>{t('aftersale.isDefault')}</Checkbox>
                    </Form.Item>
                    <Button size="small" danger onClick={() => remove(name)}>
                      {t('aftersale.remove')}
                    </Button>
                  </div>
                </div>
              ))}
              {writable && (
                <div className="aftersale-foot">
                  <Button onClick={() => add({ ...EMPTY_ADDRESS, isDefault: fields.length === 0 })}>
                    {t('aftersale.addAddress')}
                  </Button>
                  <Button type="primary" loading={state.submitting} onClick={() => void state.submitNow()}>
                    {t('action.save')}
                  </Button>
                </div>
              )}
            </div>
          )}
        </Form.List>
      </FormBody>
    </Card>
  )
}

const EMPTY_ADDRESS = { name: '', phone: '', province: '', city: '', district: '', street: '', detail: '' }

function ReasonsCard({ policy }: { policy: AftersalePolicy }) {
  const { shopId, may } = useShop()
  const { done } = useFeedback()
  const save = useWrite('console.saveAftersaleReasons', STALE)
  const count = useRef(policy.reasons.length)
  const initial = { reasons: policy.reasons }
  const state = useResourceForm({
    ...{ schema: ROUTES['console.saveAftersaleReasons'].body, initial },
    toInput: ({ reasons }: typeof initial) => ({ version: policy.version, reasons }),
    submit: async (body) => {
      await save.mutateAsync({ params: { shopId }, body })
      done(t('aftersale.saved'))
    },
  })
  const fresh = () => ({
    ...{ code: `own-${Date.now().toString(36)}-${++count.current}`, label: '', fault: 'buyer', quality: false },
    ...{ types: ['refund', 'return'], evidence: false },
  })
  return (
    <Card title={t('aftersale.reasons')} data-testid="aftersale-reasons">
      <p className="faint">{t('aftersale.reasonsHint')}</p>
      <FormBody state={state} initial={initial}>
        <Form.List name="reasons">
          {(fields, { add, remove }) => (
            <div className="stack-s">
              {fields.map(({ key, name }) => (
                <div key={key} className="aftersale-reason">
                  <Form.Item name={[name, 'label']} noStyle>
                    <Input maxLength={30} aria-label={t('aftersale.reasonLabel')} />
                  </Form.Item>
                  <Form.Item name={[name, 'fault']} noStyle>
                    <Select
                      aria-label={t('aftersale.fault')}
                      options={AftersaleFault.options.map((value) => ({ value, label: say(AFTERSALE_FAULTS[value]) }))}
                    />
                  </Form.Item>
                  <Form.Item name={[name, 'types']} noStyle>
                    <Select
                      mode="multiple"
                      aria-label={t('aftersale.reasonTypes')}
                      options={AftersaleType.options.map((value) => ({ value, label: say(AFTERSALE_TYPES[value]) }))}
                    />
                  </Form.Item>
                  <Form.Item name={[name, 'quality']} valuePropName="checked" noStyle>
                    <Checkbox>{t('aftersale.quality')}</Checkbox>
                  </Form.Item>
                  <Form.Item name={[name, 'evidence']} valuePropName="checked" noStyle>
                    <Checkbox>{t('aftersale.reasonEvidence')}</Checkbox>
                  </Form.Item>
                  <Button size="small" danger type="text" disabled={fields.length === 1} onClick={() => remove(name)}>
                    {t('aftersale.remove')}
                  </Button>
                </div>
              ))}
              {may('settings.write') && (
                <div className="aftersale-foot">
                  <Button onClick={() => add(fresh())}>{t('aftersale.addReason')}</Button>
                  <Button type="primary" loading={state.submitting} onClick={() => void state.submitNow()}>
                    {t('action.save')}
                  </Button>
                </div>
              )}
            </div>
          )}
        </Form.List>
      </FormBody>
    </Card>
  )
}
