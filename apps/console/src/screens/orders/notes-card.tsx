import type { StaffNote } from '@zhanggui/contract'
import { Button, Card, Mentions, Skeleton } from 'antd'
import { useRef, useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { cursorOf, FIRST_PAGE } from '../../kit/cursor-stack.ts'
import { Failure, useFeedback } from '../../kit/feedback.tsx'
import { Pager } from '../../kit/pager.tsx'
import { Timeline } from '../../kit/timeline.tsx'
import { mentionedIn } from './mentioned.ts'

interface Props {
  entity: 'order' | 'product' | 'buyer'
  entityId: string
  writable: boolean
}

/** Notes that only the staff see: a history, in which colleagues can be named with @ and are told. */
export function NotesCard({ entity, entityId, writable }: Props) {
  const { shopId } = useShop()
  const { failed } = useFeedback()
  const [text, setText] = useState('')
  const key = useRef(crypto.randomUUID())
  const colleagues = useRead('console.colleagues', { params: { shopId } }, { enabled: writable })
  const add = useWrite('console.addNote', ['console.notes', 'console.buyerTimeline'])
  const people = colleagues.data?.items ?? []
  const save = async () => {
    if (text.trim() === '' || add.isPending) return
    const body = { entity, entityId, text: text.trim(), mentions: mentionedIn(text, people) }
    try {
      await add.mutateAsync({ params: { shopId }, body, idempotencyKey: key.current })
      key.current = crypto.randomUUID()
      setText('')
    } catch (error) {
      failed(error)
    }
  }
  return (
    <Card title={t('notes.title')} data-testid="notes">
      {writable && (
        <div className="note-form">
          <Mentions
            aria-label={t('notes.title')}
            value={text}
            maxLength={500}
            autoSize={{ minRows: 2, maxRows: 6 }}
            placeholder={t('notes.hint')}
            options={people.map(({ id, name }) => ({ key: id, value: name, label: name }))}
            onChange={setText}
            onKeyDown={(event) => (event.metaKey || event.ctrlKey) && event.key === 'Enter' && void save()}
          />
          {text.trim() !== '' && (
            <div className="row-end gap-top">
              <Button onClick={() => setText('')}>{t('action.cancel')}</Button>
              <Button type="primary" loading={add.isPending} onClick={() => void save()}>
                {t('notes.add')}
              </Button>
            </div>
          )}
        </div>
      )}
      <History entity={entity} entityId={entityId} />
    </Card>
  )
}

function History({ entity, entityId }: Pick<Props, 'entity' | 'entityId'>) {
  const { shopId } = useShop()
  const [stack, setStack] = useState(FIRST_PAGE)
  const query = { entity, entityId, limit: 10, cursor: cursorOf(stack) }
  const read = useRead('console.notes', { params: { shopId }, query }, { keepPrevious: true })
  if (read.isError && !read.data) return <Failure error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Skeleton active title={false} paragraph={{ rows: 2 }} />
  const { items, nextCursor } = read.data
  return (
    <>
      <Timeline
        label={t('notes.title')}
        entries={items.map((note) => ({
          key: note.id,
          at: note.at,
          who: note.authorName,
          what: <NoteText note={note} />,
        }))}
        empty={<p className="faint small">{t('notes.none')}</p>}
      />
      <Pager size="small" stack={stack} nextCursor={nextCursor} onMove={setStack} />
    </>
  )
}

/** The note with the names it names marked. */
function NoteText({ note }: { note: StaffNote }) {
  const names = note.mentions.map(({ name }) => `@${name}`)
  if (names.length === 0) return <span className="note-text">{note.text}</span>
  const pattern = new RegExp(`(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'g')
  let at = 0
  return (
    <span className="note-text">
      {note.text.split(pattern).map((part) => {
        at += part.length
        return names.includes(part) ? (
          <span key={at} className="green strong">
            {part}
          </span>
        ) : (
          part
        )
      })}
    </span>
  )
}
