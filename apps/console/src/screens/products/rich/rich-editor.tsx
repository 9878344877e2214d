import { Extension, type JSONContent } from '@tiptap/core'
import { EditorContent, useEditor } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import { DETAIL_LIMITS, type DetailDocument, detailFileIds, detailText, type UploadedFile } from '@zhanggui/contract'
import { useEffect, useMemo, useRef, useState } from 'react'
import { t } from '../../../i18n/index.ts'
import { useUploads } from '../../../kit/use-uploads.ts'
import { fromEditor, toEditor } from './convert.ts'
import { ClipNode, FilesContext, PictureNode, SizeTableNode, Tint } from './nodes.tsx'
import { Toolbar } from './toolbar.tsx'

/** Headings and paragraphs may stand in the middle. */
const Align = Extension.create({
  name: 'align',
  addGlobalAttributes: () => [
    {
      types: ['heading', 'paragraph'],
      attributes: {
        align: {
          default: null,
          parseHTML: (element) => (element.style.textAlign === 'center' ? 'center' : null),
          renderHTML: ({ align }) => (align === 'center' ? { style: 'text-align: center' } : {}),
        },
      },
    },
  ],
})

const EXTENSIONS = [
  StarterKit.configure({
    heading: { levels: [2, 3] },
    blockquote: false,
    code: false,
    codeBlock: false,
    italic: false,
    strike: false,
    underline: false,
    link: false,
  }),
  Tint,
  Align,
  PictureNode,
  ClipNode,
  SizeTableNode,
]

interface Props {
  value?: DetailDocument
  onChange?: (document: DetailDocument) => void
  disabled?: boolean
  /** Files that the document shows from the beginning. */
  files: ReadonlyMap<string, { url: string }>
}

/** The rich detail: what one sees is what buyers get. Pictures are uploaded, dropped or pasted. */
export default function RichEditor({ value, onChange, disabled = false, files }: Props) {
  const [added, setAdded] = useState<ReadonlyMap<string, { url: string }>>(new Map())
  const known = useMemo(() => new Map([...files, ...added]), [files, added])
  const latest = useRef(onChange)
  latest.current = onChange
  const insert = ({ fileId, url, kind }: UploadedFile) => {
    setAdded((before) => new Map(before).set(fileId, { url }))
    const node: JSONContent =
      kind === 'video' ? { type: 'clip', attrs: { fileId } } : { type: 'picture', attrs: { fileId } }
    editor?.chain().focus().insertContent(node).run()
  }
  const { pending, send } = useUploads(insert)
  const take = (list: FileList | undefined | null): boolean => {
    const media = [...(list ?? [])].filter(({ type }) => /^(image|video)\//.test(type))
    if (media.length === 0) return false
    void send(media)
    return true
  }
  const editor = useEditor({
    extensions: EXTENSIONS,
    content: toEditor(value ?? { blocks: [] }),
    editable: !disabled,
    onUpdate: ({ editor: { state } }) => latest.current?.(fromEditor(state.doc.toJSON() as JSONContent)),
    editorProps: {
      attributes: { class: 'rich-text', 'aria-label': t('product.detail'), role: 'textbox', 'aria-multiline': 'true' },
      handlePaste: (_view, event) => take(event.clipboardData?.files),
      handleDrop: (_view, event, _slice, moved) => !moved && take((event as DragEvent).dataTransfer?.files),
    },
  })
  useEffect(() => editor?.setEditable(!disabled, false), [editor, disabled])
  const document = value ?? { blocks: [] }
  const characters = detailText(document).length
  const isTooLong = characters > DETAIL_LIMITS.characters
  return (
    <FilesContext.Provider value={known}>
      <div className="rich" data-testid="rich-editor">
        {editor && !disabled && <Toolbar editor={editor} onFiles={(list) => take(list)} />}
        {document.blocks.length === 0 && <p className="rich-hint">{t('rich.placeholder')}</p>}
        <EditorContent editor={editor} />
        <div className="rich-status small">
          {pending.length > 0 && <span>{t('rich.uploading', { count: pending.length })}</span>}
          <span className={isTooLong ? 'red num' : 'faint num'}>
            {isTooLong
              ? t('rich.tooLong', { characters, max: DETAIL_LIMITS.characters })
              : t('rich.count', { characters, files: detailFileIds(document).length })}
          </span>
        </div>
      </div>
    </FilesContext.Provider>
  )
}
