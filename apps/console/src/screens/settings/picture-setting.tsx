import type { Picture } from '@zhanggui/contract'
import { useState } from 'react'
import { OnePicture } from '../../kit/one-picture.tsx'

interface Props {
  label: string
  /** Id of a stored picture; empty for none. */
  value: string
  disabled: boolean
  onChange: (fileId: string) => void
}

/** A setting that is one picture. */
export function PictureSetting({ label, value, disabled, onChange }: Props) {
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
