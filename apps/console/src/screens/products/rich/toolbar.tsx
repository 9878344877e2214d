import {
  AlignCenterOutlined,
  BoldOutlined,
  FontColorsOutlined,
  LineOutlined,
  OrderedListOutlined,
  PictureOutlined,
  RedoOutlined,
  TableOutlined,
  UndoOutlined,
  UnorderedListOutlined,
  VideoCameraOutlined,
} from '@ant-design/icons'
import { type Editor, useEditorState } from '@tiptap/react'
import { DETAIL_TINTS } from '@zhanggui/contract'
import { Button, Dropdown, Tooltip } from 'antd'
import { type ReactNode, useRef } from 'react'
import { t } from '../../../i18n/index.ts'

const SIZE_ROWS = [
  ['S', '', ''],
  ['M', '', ''],
  ['L', '', ''],
]

/** What can be done to the text, beside the keys that everybody knows. */
export function Toolbar({ editor, onFiles }: { editor: Editor; onFiles: (files: FileList | null) => void }) {
  const pictures = useRef<HTMLInputElement>(null)
  const videos = useRef<HTMLInputElement>(null)
  const on = useEditorState({
    editor,
    selector: ({ editor: each }) => ({
      big: each.isActive('heading', { level: 2 }),
      small: each.isActive('heading', { level: 3 }),
      bold: each.isActive('bold'),
      bullets: each.isActive('bulletList'),
      numbers: each.isActive('orderedList'),
      center: each.isActive({ align: 'center' }),
      canUndo: each.can().undo(),
      canRedo: each.can().redo(),
    }),
  })
  const run = () => editor.chain().focus()
  const tool = (label: string, icon: ReactNode, isOn: boolean, act: () => void, isOff = false) => (
    <Tooltip title={label} key={label}>
      <Button
        size="small"
        type="text"
        className={isOn ? 'rich-on' : ''}
        aria-label={label}
        aria-pressed={isOn}
        disabled={isOff}
        onMouseDown={(event) => event.preventDefault()}
        onClick={act}
      >
        {icon}
      </Button>
    </Tooltip>
  )
  const align = () => {
    const type = editor.isActive('heading') ? 'heading' : 'paragraph'
    run()
      .updateAttributes(type, { align: on.center ? null : 'center' })
      .run()
  }
  const tints = [
    { key: 'none', label: t('rich.tint.none'), onClick: () => run().unsetMark('tint').run() },
    ...DETAIL_TINTS.map((tint) => ({
      key: tint,
      label: <span className={`tint-${tint}`}>{t(`rich.tint.${tint}`)}</span>,
      onClick: () => run().setMark('tint', { tint }).run(),
    })),
  ]
  const table = () =>
    run()
      .insertContent({ type: 'sizeTable', attrs: { rows: [[t('rich.size'), '', ''], ...SIZE_ROWS] } })
      .run()
  return (
    <div className="rich-tools" role="toolbar" aria-label={t('rich.toolbar')}>
      {tool(t('rich.heading'), <b>H1</b>, on.big, () => run().toggleHeading({ level: 2 }).run())}
      {tool(t('rich.subheading'), <b>H2</b>, on.small, () => run().toggleHeading({ level: 3 }).run())}
      {tool(t('rich.bold'), <BoldOutlined />, on.bold, () => run().toggleBold().run())}
      <Dropdown menu={{ items: tints }} trigger={['click']}>
        <Button
          size="small"
          type="text"
          icon={<FontColorsOutlined />}
          aria-label={t('rich.tint')}
          onMouseDown={(event) => event.preventDefault()}
        />
      </Dropdown>
      {tool(t('rich.center'), <AlignCenterOutlined />, on.center, align)}
      {tool(t('rich.bullets'), <UnorderedListOutlined />, on.bullets, () => run().toggleBulletList().run())}
      {tool(t('rich.numbers'), <OrderedListOutlined />, on.numbers, () => run().toggleOrderedList().run())}
      {tool(t('rich.image'), <PictureOutlined />, false, () => pictures.current?.click())}
      {tool(t('rich.video'), <VideoCameraOutlined />, false, () => videos.current?.click())}
      {tool(t('rich.table'), <TableOutlined />, false, table)}
      {tool(t('rich.divider'), <LineOutlined />, false, () => run().setHorizontalRule().run())}
      <span className="spring" />
      {tool(t('rich.undo'), <UndoOutlined />, false, () => run().undo().run(), !on.canUndo)}
      {tool(t('rich.redo'), <RedoOutlined />, false, () => run().redo().run(), !on.canRedo)}
      {[[pictures, 'image/*', t('rich.image')] as const, [videos, 'video/mp4', t('rich.video')] as const].map(
        ([reference, accept, label]) => (
          <input
            key={accept}
            ref={reference}
            type="file"
            className="file-input"
            multiple
            accept={accept}
            aria-label={label}
            onChange={(event) => {
              onFiles(event.target.files)
              event.target.value = ''
            }}
          />
        ),
      )}
    </div>
  )
}
