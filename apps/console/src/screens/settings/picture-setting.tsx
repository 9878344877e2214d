import type { Picture } from '@zhanggui/contract'
import { useState } from 'react'
import { useMaybeShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { OnePicture } from '../../kit/one-picture.tsx'

interface Props {
  label: string
  /** Id of a stored picture; empty for none. */
  value: string
  disabled: boolean
  onChange: (fileId: string) => void
}

/** A setting that is one picture. Pictures belong to a shop, so the platform has none to choose from. */
export function PictureSetting(props: Props) {
  const shop = useMaybeShop()
  return shop ? <PictureOfShop {...props} /> : <span className="soft">{t('setting.pictureInShop')}</span>
}

function PictureOfShop({ label, value, disabled, onChange }: Props) {
  const [added, setAdded] = useState<Picture>()
  const stored: Picture = { fileId: value, url: `/files/${value}`, width: null, height: null }
  return (
    <OnePicture
      picture={value === '' ? undefined : added?.fileId === value ? added : stored}
      label={label}
      disabled={disabled}
      onPicture={(picture) => {
        setAdded(picture)
        onChange(picture.fileId)
      }}
      onRemove={value === '' ? undefined : () => onChange('')}
    />
  )
}
