import type { ProductPicture } from '@zhanggui/contract'
import { Empty, Modal } from 'antd'
import { t } from '../../../i18n/index.ts'
import { variantUrl } from '../../../kit/picture.tsx'

const NINE = 9

/** The first pictures as Moments lays them out: one large, four in a square, otherwise in rows of three. */
export function NineGrid({
  pictures,
  title,
  onClose,
}: {
  pictures: readonly ProductPicture[]
  title: string
  onClose: () => void
}) {
  const shown = pictures.slice(0, NINE)
  return (
    <Modal open width={420} footer={null} title={t('media.nine')} onCancel={onClose}>
      <p className="soft">{t('media.nineHint')}</p>
      {shown.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('media.nineNone')} />
      ) : (
        <div className="moment">
          <span className="moment-face" aria-hidden />
          <div className="moment-body">
            <p className="moment-text">{title}</p>
            <div
              className={`moment-grid of-${shown.length === 1 ? 'one' : shown.length === 4 ? 'four' : 'many'}`}
              data-testid="nine-grid"
            >
              {shown.map((picture) => (
                <img key={picture.fileId} src={variantUrl(picture, 200)} alt="" />
              ))}
            </div>
          </div>
        </div>
      )}
      {shown.length > 0 && shown.length < NINE && (
        <p className="faint">{t('media.nineLess', { count: NINE - shown.length })}</p>
      )}
    </Modal>
  )
}
