import { CheckOutlined, CloseOutlined, ThunderboltOutlined } from '@ant-design/icons'
import { checkTitle, type TitleCheck, type TitleProposal, type TitleRules } from '@zhanggui/contract'
import { Alert, Button, Drawer, Empty, Form, Input, Skeleton, Tag, Tooltip } from 'antd'
import { useState } from 'react'
import { useShop } from '../../../app/session.tsx'
import { t } from '../../../i18n/index.ts'
import { useRead } from '../../../kit/api.ts'
import { Failure, useFeedback } from '../../../kit/feedback.tsx'
import { useCategories } from '../categories.ts'
import type { ProductValues } from '../product-form.ts'
import { titleFactsOf } from './facts.ts'
import { useContentRules } from './use-rules.ts'

/** Below the title: which rules of the title standard it keeps, and proposals for a better one. */
export function TitleHelper() {
  const form = Form.useFormInstance<ProductValues>()
  const values = Form.useWatch([], { form, preserve: true }) as Partial<ProductValues> | undefined
  const { items: categories } = useCategories()
  const rules = useContentRules()
  const [isOpen, setOpen] = useState(false)
  if (!rules || !values) return null
  const checks = values.title?.trim() ? checkTitle(titleFactsOf(values, categories), rules.title) : []
  return (
    <div className="title-helper">
      <ul className="plain title-checks" data-testid="title-checks">
        {checks.map((check) => (
          <Check key={check.check} check={check} rules={rules.title} />
        ))}
      </ul>
      <Button size="small" icon={<ThunderboltOutlined />} onClick={() => setOpen(true)}>
        {t('title.optimise')}
      </Button>
      {isOpen && <Proposals values={values} onClose={() => setOpen(false)} />}
    </div>
  )
}

function Check({ check, rules }: { check: TitleCheck; rules: TitleRules }) {
  const words = check.words.length > 0 ? t('list.quoted', { words: check.words.slice(0, 3).join(t('list.and')) }) : ''
  const text = t(`title.check.${check.check}`, {
    have: check.have,
    need: check.need,
    min: rules.minCharacters,
    max: rules.maxCharacters,
    words: check.ok && check.check !== 'brand' && check.check !== 'core' ? '' : words,
  })
  return (
    <li className={check.ok ? 'green' : 'red'}>
      {check.ok ? <CheckOutlined /> : <CloseOutlined />} {text.trim()}
    </li>
  )
}

/** Proposed titles, each part with where it came from; one tap puts a title into the field. */
function Proposals({ values, onClose }: { values: Partial<ProductValues>; onClose: () => void }) {
  const { shopId } = useShop()
  const form = Form.useFormInstance<ProductValues>()
  const { done } = useFeedback()
  const [offer, setOffer] = useState('')
  const read = useRead('console.proposeTitles', {
    params: { shopId },
    body: {
      title: values.title ?? '',
      brand: values.brand ?? '',
      coreKeyword: values.coreKeyword ?? '',
      categoryId: values.categoryId ?? null,
      attributes: (values.attributes ?? []).filter((each) => each?.name?.trim() && each?.value?.trim()),
      tags: values.tags ?? [],
      tagValueIds: values.tagValueIds ?? [],
      offer,
    },
  })
  const use = (title: string) => {
    form.setFieldValue('title', title)
    done(t('title.applied'))
    onClose()
  }
  return (
    <Drawer open size={520} title={t('title.optimiseTitle')} onClose={onClose}>
      <Input
        value={offer}
        maxLength={20}
        allowClear
        placeholder={t('title.offerHint')}
        aria-label={t('title.offer')}
        onChange={(event) => setOffer(event.target.value)}
      />
      {read.isError && <Failure error={read.error} retry={() => void read.refetch()} />}
      {!read.data && !read.isError && <Skeleton active className="gap-top" />}
      {read.data && (
        <div className="stack-l gap-top">
          <Alert
            type="info"
            title={
              read.data.queriesKnown > 0
                ? t('title.basis', { days: read.data.searchDays, count: read.data.queriesKnown })
                : t('title.basisNone', { days: read.data.searchDays })
            }
          />
          {read.data.items.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('title.none')} />}
          {read.data.items.map((proposal) => (
            <Proposal key={proposal.title} proposal={proposal} use={() => use(proposal.title)} />
          ))}
        </div>
      )}
    </Drawer>
  )
}

function Proposal({ proposal, use }: { proposal: TitleProposal; use: () => void }) {
  return (
    <div className="proposal" data-testid="title-proposal">
      <div className="row-between">
        <span className="strong">{proposal.title}</span>
        <Button type="primary" size="small" onClick={use}>
          {t('title.apply')}
        </Button>
      </div>
      <div className="proposal-parts">
        {proposal.parts.map((part) => (
          <Tooltip key={part.text} title={t(`title.source.${part.source}`, { of: part.of, searches: part.searches })}>
            <Tag>
              {part.text}
              <span className="faint small">
                {' '}
                {t(`title.source.${part.source}`, { of: part.of, searches: part.searches })}
              </span>
            </Tag>
          </Tooltip>
        ))}
      </div>
      <span className="faint small">
        {t('title.length', { have: proposal.length })}
        {proposal.searches > 0 && ` · ${t('title.searches', { count: proposal.searches })}`}
        {proposal.broken.length > 0 &&
          ` · ${t('title.broken', { checks: proposal.broken.map((check) => t(`title.rule.${check}`)).join(t('list.and')) })}`}
      </span>
    </div>
  )
}
