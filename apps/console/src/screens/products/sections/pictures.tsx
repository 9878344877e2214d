import { AppstoreOutlined } from '@ant-design/icons'
import { type ContentRules, isSquare, type ProductPicture } from '@zhanggui/contract'
import { Button, Form } from 'antd'
import { useState } from 'react'
import { t } from '../../../i18n/index.ts'
import { useContentRules } from '../guide/use-rules.ts'
import { NineGrid } from '../media/nine-grid.tsx'
import { PictureBoard } from '../media/picture-board.tsx'
import { VideoField } from '../media/video-field.tsx'
import type { ProductValues } from '../product-form.ts'
import { Section } from './section.tsx'

const MAX_PICTURES = 30
const PERCENT_BP = 100

/** The pictures that a buyer leafs through, the video, and what was measured on them. */
export function PicturesSection() {
  const form = Form.useFormInstance<ProductValues>()
  const pictures = (Form.useWatch('pictures', { form, preserve: true }) ?? []) as ProductPicture[]
  const title = (Form.useWatch('title', { form, preserve: true }) ?? '') as string
  const rules = useContentRules()
  const [isNine, setNine] = useState(false)
  const preview = (
    <Button size="small" icon={<AppstoreOutlined />} disabled={false} onClick={() => setNine(true)}>
      {t('media.nine')}
    </Button>
  )
  return (
    <Section id="pictures" title="section.media" extra={preview}>
      <Form.Item name="pictures" extra={t('media.hint', { max: MAX_PICTURES })}>
        <PictureBoard max={MAX_PICTURES} rules={rules} />
      </Form.Item>
      {rules && pictures.length > 0 && <Measured pictures={pictures} rules={rules} />}
      <Form.Item name="video" label={t('video.title')}>
        <VideoField rules={rules} />
      </Form.Item>
      {isNine && <NineGrid pictures={pictures} title={title} onClose={() => setNine(false)} />}
    </Section>
  )
}

/** What the first picture's edges are like, and how many pictures are not square. */
function Measured({ pictures, rules }: { pictures: readonly ProductPicture[]; rules: ContentRules }) {
  const { whiteEdgeBp: needBp, squarePx } = rules.completeness
  const whiteBp = pictures[0]!.whiteEdgeBp
  const unfit = pictures.filter((picture) => !isSquare(picture, squarePx)).length
  const isWhite = whiteBp !== null && whiteBp >= needBp
  return (
    <ul className="plain measured" data-testid="measured">
      <li className={isWhite ? 'green' : 'soft'}>
        {whiteBp === null
          ? t('media.unmeasured')
          : t(isWhite ? 'media.white' : 'media.notWhite', {
              percent: Math.floor(whiteBp / PERCENT_BP),
              need: needBp / PERCENT_BP,
            })}
      </li>
      {unfit > 0 && <li className="soft">{t('media.notSquareCount', { count: unfit, need: squarePx })}</li>}
    </ul>
  )
}
