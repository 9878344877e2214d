import { Progress } from 'antd'
import { t } from '../../i18n/index.ts'

/** A score of completeness with a short bar. */
export function ScoreMark({ score }: { score: number | null }) {
  if (score === null) return <span className="faint">{t('score.unknown')}</span>
  return (
    <span className="score-mark">
      <Progress percent={score} showInfo={false} size={[48, 6]} aria-label={t('score.title')} />
      <span className="num">{score}</span>
      <span className="faint small">{t('score.unit')}</span>
    </span>
  )
}
