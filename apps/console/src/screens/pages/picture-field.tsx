import { t } from '../../i18n/index.ts'
import { OnePicture } from '../../kit/one-picture.tsx'
import { useEditing } from './fields.tsx'

interface Props {
  fileId: string | null | undefined
  onChange: (fileId: string | null) => void
  label: string
  /** Offered where a picture may be left out. */
  isOptional?: boolean
  size?: 'small' | 'wide'
}

/** One picture of a block. */
export function PictureField({ fileId, onChange, label, isOptional = false, size = 'wide' }: Props) {
  const { pictures, addPicture, isWritable } = useEditing()
  return (
    <OnePicture
      picture={fileId ? pictures.get(fileId) : undefined}
      label={label}
      size={size}
      disabled={!isWritable}
      {...(fileId ? { hint: t('design.pictureGone') } : {})}
      onPicture={(picture) => {
        addPicture(picture)
        onChange(picture.fileId)
      }}
      onRemove={fileId && isOptional ? () => onChange(null) : undefined}
    />
  )
}
