import { Timeline as AntTimeline } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { InstantText } from './instant.tsx'

/** One thing that happened. */
export interface TimelineEntry {
  key: string | number
  /** When, as an instant in UTC. */
  at: string
  /** Who did it; left out where the system itself did. */
  who?: string | undefined
  what: ReactNode
  /** More about it, below. */
  detail?: ReactNode
  /** Where one reads about it. */
  to?: string | undefined
  tone?: 'good' | 'bad' | 'warn' | 'plain'
  icon?: ReactNode
}

interface Props {
  entries: readonly TimelineEntry[]
  /** Instead of nothing at all. */
  empty?: ReactNode
  label?: string
}

const COLOURS = { good: 'green', bad: 'red', warn: 'orange', plain: 'gray' } as const

/** What happened, in the order given (newest first is usual): who, what, when, with a link to more. */
export function Timeline({ entries, empty, label }: Props) {
  if (entries.length === 0) return <>{empty}</>
  return (
    <section className="zg-timeline" aria-label={label} data-testid="timeline">
      <AntTimeline
        items={entries.map((entry) => ({
          key: entry.key,
          color: COLOURS[entry.tone ?? 'plain'],
          ...(entry.icon ? { icon: entry.icon } : {}),
          content: <Entry entry={entry} />,
        }))}
      />
    </section>
  )
}

function Entry({ entry }: { entry: TimelineEntry }) {
  return (
    <div className="stack-xs">
      <span>{entry.to === undefined ? entry.what : <Link to={entry.to}>{entry.what}</Link>}</span>
      {entry.detail}
      <span className="faint small">
        <InstantText at={entry.at} />
        {entry.who && ` · ${entry.who}`}
      </span>
    </div>
  )
}
