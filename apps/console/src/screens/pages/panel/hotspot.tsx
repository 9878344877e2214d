import { Input, InputNumber } from 'antd'
import { type PointerEvent, useRef, useState } from 'react'
import { t } from '../../../i18n/index.ts'
import { variantUrl } from '../../../kit/picture.tsx'
import { Group, type PanelProps, useEditing } from '../fields.tsx'
import { LinkPicker } from '../link-picker.tsx'
import { PictureField } from '../picture-field.tsx'
import { type Area, drawnArea, MOST_AREAS } from './areas.ts'
import { AltField } from './basics.tsx'
import { RowsField } from './rows.tsx'

const SIDES = ['x', 'y', 'width', 'height'] as const

/** A picture of which parts lead somewhere: drawn with the pointer, or set as numbers. */
export function HotspotPanel(props: PanelProps) {
  const { block, patch } = props
  const { isWritable } = useEditing()
  const areas = (block.areas ?? []) as Area[]
  return (
    <>
      <Group label={t('design.picture')}>
        <PictureField
          fileId={block.fileId as string | undefined}
          label={t('design.picture')}
          onChange={(fileId) => patch({ fileId })}
        />
      </Group>
      <DrawArea fileId={block.fileId as string | undefined} areas={areas} onDrawn={(next) => patch({ areas: next })} />
      <Group label={t('design.areas')}>
        <RowsField
          rows={areas}
          name={t('design.area')}
          max={MOST_AREAS}
          fresh={(): Area => ({ label: '', x: 10, y: 10, width: 30, height: 20 })}
          onChange={(next) => patch({ areas: next })}
          render={(area, set, index) => (
            <>
              <Input
                aria-label={t('design.areaLabel')}
                placeholder={t('design.areaLabel')}
                maxLength={20}
                disabled={!isWritable}
                value={area.label ?? ''}
                onChange={({ target }) =>
                  patch(
                    { areas: areas.map((each, at) => (at === index ? { ...each, label: target.value } : each)) },
                    `area-${index}`,
                  )
                }
              />
              <div className="design-sides">
                {SIDES.map((side) => (
                  <InputNumber
                    key={side}
                    size="small"
                    aria-label={t(`design.side.${side}`)}
                    prefix={t(`design.side.${side}`)}
                    suffix="%"
                    min={0}
                    max={100}
                    disabled={!isWritable}
                    value={area[side]}
                    onChange={(value) => value !== null && set({ [side]: value })}
                  />
                ))}
              </div>
              <LinkPicker
                link={area.link}
                label={t('design.link')}
                isRequired
                onChange={(link) => set({ link: link ?? undefined })}
              />
            </>
          )}
        />
      </Group>
      <AltField {...props} />
    </>
  )
}

interface DrawProps {
  fileId: string | undefined
  areas: Area[]
  onDrawn: (areas: Area[]) => void
}

/** The picture with its areas; pulling a frame over it adds one. */
function DrawArea({ fileId, areas, onDrawn }: DrawProps) {
  const { pictures, isWritable } = useEditing()
  const room = useRef<HTMLDivElement>(null)
  const [pull, setPull] = useState<{ from: [number, number]; to: [number, number] }>()
  const picture = fileId ? pictures.get(fileId) : undefined
  if (!picture) return null
  const at = (event: PointerEvent): [number, number] => {
    const { left, top, width, height } = room.current!.getBoundingClientRect()
    return [((event.clientX - left) / width) * 100, ((event.clientY - top) / height) * 100]
  }
  const drawn = pull && drawnArea(pull.from, pull.to)
  const finish = () => {
    if (drawn && areas.length < MOST_AREAS) onDrawn([...areas, drawn])
    setPull(undefined)
  }
  const box = ({ x, y, width, height }: Area) => ({
    left: `${x}%`,
    top: `${y}%`,
    width: `${width}%`,
    height: `${height}%`,
  })
  return (
    <Group label={t('design.draw')} hint={t('design.drawHint')}>
      <div
        ref={room}
        className="design-draw"
        onPointerDown={(event) => {
          if (!isWritable) return
          event.preventDefault()
          event.currentTarget.setPointerCapture(event.pointerId)
          setPull({ from: at(event), to: at(event) })
        }}
        onPointerMove={(event) => pull && setPull({ ...pull, to: at(event) })}
        onPointerUp={finish}
        onPointerCancel={() => setPull(undefined)}
      >
        <img src={variantUrl(picture, 800)} alt="" draggable={false} />
        {areas.map((area, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: areas have no id; they are told apart by their place
          <span key={index} className="design-area" style={box(area)}>
            {index + 1}
          </span>
        ))}
        {drawn && <span className="design-area drawn" style={box(drawn)} />}
      </div>
    </Group>
  )
}
