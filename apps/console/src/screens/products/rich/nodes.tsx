import { DeleteOutlined, MinusOutlined, PlusOutlined } from '@ant-design/icons'
import { Mark, mergeAttributes, Node } from '@tiptap/core'
import { type NodeViewProps, NodeViewWrapper, ReactNodeViewRenderer } from '@tiptap/react'
import { DETAIL_LIMITS, DETAIL_TINTS } from '@zhanggui/contract'
import { Button, Input } from 'antd'
import { createContext, type ReactNode, useContext } from 'react'
import { t } from '../../../i18n/index.ts'

/** Addresses of the files that the detail shows, by id. */
export const FilesContext = createContext<ReadonlyMap<string, { url: string }>>(new Map())

/** One of the few colours that text may have. */
export const Tint = Mark.create({
  name: 'tint',
  addAttributes: () => ({ tint: { default: 'red' } }),
  // What is pasted keeps its words, not the colours of wherever it came from.
  parseHTML: () => [
    {
      tag: 'span[data-tint]',
      getAttrs: (element) => ({
        tint: DETAIL_TINTS.find((tint) => tint === element.getAttribute('data-tint')) ?? 'red',
      }),
    },
  ],
  renderHTML: ({ mark, HTMLAttributes }) => [
    'span',
    mergeAttributes(HTMLAttributes, { 'data-tint': mark.attrs.tint, class: `tint-${mark.attrs.tint}` }),
    0,
  ],
})

/** Nodes that hold no text of the editor's. */
const block = (name: string, attributes: Record<string, unknown>, View: (props: NodeViewProps) => ReactNode) =>
  Node.create({
    name,
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes: () =>
      Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, { default: value, rendered: false }])),
    parseHTML: () => [{ tag: `figure[data-${name}]` }],
    renderHTML: () => ['figure', { [`data-${name}`]: '' }],
    addNodeView: () => ReactNodeViewRenderer(View),
  })

export const PictureNode = block('picture', { fileId: null, caption: '' }, PictureView)
export const ClipNode = block('clip', { fileId: null, posterFileId: null }, ClipView)
export const SizeTableNode = block('sizeTable', { rows: [['']] }, SizeTableView)

interface FootButtonProps {
  icon: ReactNode
  run: () => void
  isOff?: boolean
  /** Beside the icon; without one `label` says what it does. */
  text?: string
  label?: string
}

/** A small button below a block. */
const FootButton = ({ icon, run, isOff = false, text, label }: FootButtonProps) => (
  <Button size="small" type="text" icon={icon} disabled={isOff} aria-label={label} onClick={run}>
    {text}
  </Button>
)

function PictureView({ node, updateAttributes, deleteNode, editor, selected }: NodeViewProps) {
  const file = useContext(FilesContext).get(String(node.attrs.fileId))
  return (
    <NodeViewWrapper className={`rich-block${selected ? ' chosen' : ''}`}>
      {file ? <img src={`${file.url}?w=800`} alt={String(node.attrs.caption)} /> : <div className="rich-gone" />}
      {editor.isEditable && (
        <div className="rich-foot">
          <Input
            size="small"
            variant="borderless"
            maxLength={120}
            placeholder={t('rich.caption')}
            aria-label={t('rich.caption')}
            value={String(node.attrs.caption)}
            onChange={(event) => updateAttributes({ caption: event.target.value })}
          />
          <FootButton icon={<DeleteOutlined />} label={t('rich.remove')} run={deleteNode} />
        </div>
      )}
    </NodeViewWrapper>
  )
}

function ClipView({ node, deleteNode, editor, selected }: NodeViewProps) {
  const file = useContext(FilesContext).get(String(node.attrs.fileId))
  return (
    <NodeViewWrapper className={`rich-block${selected ? ' chosen' : ''}`}>
      {/* biome-ignore lint/a11y/useMediaCaption: the shop's own clip, shown to whoever put it there */}
      <video controls preload="metadata" src={file?.url ?? ''} />
      {editor.isEditable && (
        <div className="rich-foot">
          <FootButton icon={<DeleteOutlined />} text={t('rich.remove')} run={deleteNode} />
        </div>
      )}
    </NodeViewWrapper>
  )
}

/** A table whose first row names the columns. Cells that are pasted from a spreadsheet fill the table. */
function SizeTableView({ node, updateAttributes, deleteNode, editor }: NodeViewProps) {
  const rows = node.attrs.rows as string[][]
  const width = rows[0]?.length ?? 1
  const put = (next: string[][]) => updateAttributes({ rows: next })
  const change = (row: number, column: number, text: string) =>
    put(rows.map((cells, y) => (y === row ? cells.map((cell, x) => (x === column ? text : cell)) : cells)))
  const paste = (row: number, column: number, text: string) => {
    const cells = text
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .map((line) => line.split('\t'))
    const height = Math.min(Math.max(rows.length, row + cells.length), DETAIL_LIMITS.tableRows)
    const columns = Math.min(Math.max(width, ...cells.map((line) => column + line.length)), DETAIL_LIMITS.tableColumns)
    const cellAt = (y: number, x: number) => cells[y - row]?.[x - column] ?? rows[y]?.[x] ?? ''
    put(Array.from({ length: height }, (_, y) => Array.from({ length: columns }, (_, x) => cellAt(y, x).slice(0, 60))))
  }
  return (
    <NodeViewWrapper className="rich-block rich-table" contentEditable={false}>
      <div className="rich-scroll">
        <table>
          <tbody>
            {rows.map((cells, y) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
              <tr key={y}>
                {cells.map((cell, x) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                  <td key={x}>
                    <input
                      value={cell}
                      maxLength={60}
                      disabled={!editor.isEditable}
                      aria-label={t('rich.cell', { row: y + 1, column: x + 1 })}
                      onChange={(event) => change(y, x, event.target.value)}
                      onPaste={(event) => {
                        const text = event.clipboardData.getData('text/plain')
                        event.stopPropagation()
                        if (!/[\t\n]/.test(text)) return
                        event.preventDefault()
                        paste(y, x, text)
                      }}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {editor.isEditable && (
        <div className="rich-foot">
          <FootButton
            icon={<PlusOutlined />}
            text={t('rich.addRow')}
            isOff={rows.length >= DETAIL_LIMITS.tableRows}
            run={() => put([...rows, rows[0]!.map(() => '')])}
          />
          <FootButton
            icon={<PlusOutlined />}
            text={t('rich.addColumn')}
            isOff={width >= DETAIL_LIMITS.tableColumns}
            run={() => put(rows.map((cells) => [...cells, '']))}
          />
          <FootButton
            icon={<MinusOutlined />}
            text={t('rich.removeRow')}
            isOff={rows.length <= 1}
            run={() => put(rows.slice(0, -1))}
          />
          <FootButton
            icon={<MinusOutlined />}
            text={t('rich.removeColumn')}
            isOff={width <= 1}
            run={() => put(rows.map((cells) => cells.slice(0, -1)))}
          />
          <FootButton icon={<DeleteOutlined />} label={t('rich.remove')} run={deleteNode} />
        </div>
      )}
    </NodeViewWrapper>
  )
}
