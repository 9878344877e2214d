import type { Picture } from '@zhanggui/contract'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { PictureUpload } from '../../kit/upload.tsx'

interface Props {
  label: string
  /** Id of a stored picture; empty for none. */
  value: string
  disabled: boolean
  onChange: (fileId: string) => void
}

/** A setting that is one picture. */
export function PictureSetting({ label, value, disabled, onChange }: Props) {
  const { shopId } = useShop()
  const [added, setAdded] = useState<Picture>()
  const stored: Picture = { fileId: value, url: `/files/${value}`, width: null, height: null }
  const shown = value === '' ? [] : [added?.fileId === value ? added : stored]
  return (
    <PictureUpload
      shopId={shopId}
      label={label}
      max={1}
      disabled={disabled}
      value={shown}
      onChange={([picture]) => {
        setAdded(picture)
        onChange(picture?.fileId ?? '')
      }}
    />
  )
}
