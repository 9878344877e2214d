import { PlusOutlined } from '@ant-design/icons'
import type { FreightTemplate } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Button, Card, Empty, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FreightDialog } from './freight-dialog.tsx'

const GRAMS_PER_KG = 1000

type Rule = FreightTemplate['rules'][number]

/** What shipping costs where. */
export default function FreightPage() {
  const { shopId, may } = useShop()
  const { confirm } = useFeedback()
  const read = useRead('console.freightTemplates', { params: { shopId } })
  const remove = useWrite('console.deleteFreightTemplate', ['console.freightTemplates'])
  const [edited, setEdited] = useState<FreightTemplate | 'new'>()
  const writable = may('settings.write')
  const askRemove = (template: FreightTemplate) =>
    confirm({
      title: t('freight.removeAsk', { name: template.name }),
      okText: t('action.remove'),
      danger: true,
      run: () => remove.mutateAsync({ params: { shopId, templateId: template.id } }),
    })
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
      {t('freight.create')}
    </Button>
  )
  const tools = (template: FreightTemplate) => (
    <>
      <Button type="link" size="small" onClick={() => setEdited(template)}>
        {t('action.edit')}
      </Button>
      {!template.isDefault && (
        <Button type="link" size="small" danger onClick={() => askRemove(template)}>
          {t('action.remove')}
        </Button>
      )}
    </>
  )
  return (
    <Page title={t('nav.freight')} hint={t('freight.hint')} actions={writable && add}>
      <Loaded query={read}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('freight.none')} />
          ) : (
            <div className="stack-l">
              {items.map((template) => (
                <Card
                  key={template.id}
                  title={<TemplateTitle template={template} />}
                  extra={writable && tools(template)}
                >
                  <ul className="freight-rules">
                    {template.rules.map((rule) => (
                      <li key={rule.provinces.join()}>
                        <RuleText rule={rule} basis={template.basis} isOnly={template.rules.length === 1} />
                      </li>
                    ))}
                  </ul>
                </Card>
              ))}
            </div>
          )
        }
      </Loaded>
      {edited && (
        <FreightDialog template={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Page>
  )
}

function TemplateTitle({ template }: { template: FreightTemplate }) {
  return (
    <span className="freight-title">
      {template.name}
      <Tag>{t(`freight.basis.${template.basis}`)}</Tag>
      {template.isDefault && <Tag color="success">{t('freight.default')}</Tag>}
      <span className="faint small">
        {template.isDefault ? t('freight.forTheRest') : t('freight.products', { count: template.productCount })}
      </span>
    </span>
  )
}

/** So many pieces, or so much weight in whole kilograms where it is. */
const unitsText = (units: number, basis: FreightTemplate['basis']): string =>
  basis === 'weight' && units % GRAMS_PER_KG === 0
    ? t('freight.kilograms', { count: units / GRAMS_PER_KG })
    : `${units} ${t(`freight.unit.${basis}`)}`

function RuleText({ rule, basis, isOnly }: { rule: Rule; basis: FreightTemplate['basis']; isOnly: boolean }) {
  const isFree = rule.firstFen === 0 && rule.moreFen === 0
  const words = t(`freight.rule.${basis}`, {
    first: unitsText(rule.firstUnits, basis),
    firstPrice: formatMoney(rule.firstFen),
    more: unitsText(rule.moreUnits, basis),
    morePrice: formatMoney(rule.moreFen),
  })
  const free = rule.freeFromFen === null ? '' : t('freight.rule.free', { amount: formatMoney(rule.freeFromFen) })
  return (
    <>
      <span className="freight-place">
        {rule.provinces.length > 0 ? rule.provinces.join('、') : t(isOnly ? 'freight.everywhere' : 'freight.elsewhere')}
      </span>
      {!rule.deliverable ? (
        <Tag color="red">{t('freight.notDelivered')}</Tag>
      ) : (
        <span className="soft">{isFree ? t('freight.free') : words + free}</span>
      )}
    </>
  )
}
