import { CheckCircleFilled } from '@ant-design/icons'
import { type CompletenessItem, type CompletenessPart, completenessOf } from '@zhanggui/contract'
import { Button, Card, Form, Progress } from 'antd'
import { useState } from 'react'
import { t } from '../../../i18n/index.ts'
import { useMedia } from '../../../kit/media.ts'
import { useCategories } from '../categories.ts'
import type { ProductValues } from '../product-form.ts'
import { factsOf } from './facts.ts'
import { useContentRules } from './use-rules.ts'

/** The panel stands above the sections then, and stays in sight: it is kept small. */
const NARROW = '(max-width: 1100px)'

/** Where in the editor each item is mended. */
const SECTION_OF: Record<CompletenessItem, string> = {
  title: 'basics',
  'picture-count': 'pictures',
  'white-first': 'pictures',
  square: 'pictures',
  scene: 'pictures',
  material: 'pictures',
  size: 'pictures',
  video: 'pictures',
  attributes: 'attributes',
  detail: 'detail',
}

/** The score of the product as it stands in the fields, and what is still missing with what it is worth. */
export function ScorePanel() {
  const form = Form.useFormInstance<ProductValues>()
  const values = Form.useWatch([], { form, preserve: true }) as Partial<ProductValues> | undefined
  const { items: categories } = useCategories()
  const rules = useContentRules()
  const isNarrow = useMedia(NARROW)
  const [isOpen, setOpen] = useState(false)
  if (!rules || !values) return null
  const { score, parts } = completenessOf(factsOf(values, categories, rules.title), rules.completeness)
  const missing = parts
    .filter((part) => part.earned < part.worth)
    .sort((a, b) => b.worth - b.earned - (a.worth - a.earned))
  return (
    <Card
      size="small"
      className="score"
      title={t('score.title')}
      extra={
        <span>
          <span className="score-number num">{score}</span> <span className="soft">{t('score.unit')}</span>
        </span>
      }
    >
      <Progress percent={score} showInfo={false} size="small" aria-label={t('score.title')} />
      {missing.length === 0 ? (
        <p className="green">
          <CheckCircleFilled /> {t('score.full')}
        </p>
      ) : isNarrow && !isOpen ? (
        <Button type="link" size="small" className="score-toggle" onClick={() => setOpen(true)}>
          {t('score.missing', { count: missing.length })}
        </Button>
      ) : (
        <ul className="plain score-list" aria-label={t('score.missing', { count: missing.length })}>
          {missing.map((part) => (
            <Missing key={part.item} part={part} />
          ))}
          {isNarrow && (
            <li>
              <Button type="link" size="small" onClick={() => setOpen(false)}>
                {t('score.hide')}
              </Button>
            </li>
          )}
        </ul>
      )}
    </Card>
  )
}

function Missing({ part }: { part: CompletenessPart }) {
  const goTo = () => document.querySelector(`#section-${SECTION_OF[part.item]}`)?.scrollIntoView({ behavior: 'smooth' })
  return (
    <li>
      <button type="button" className="score-item" onClick={goTo}>
        <span>
          <span>{t(`score.item.${part.item}`)}</span>
          <span className="faint small">{t(`score.do.${part.item}`, { have: part.have, need: part.need })}</span>
        </span>
        <span className="green num">{t('score.points', { points: part.worth - part.earned })}</span>
      </button>
    </li>
  )
}
