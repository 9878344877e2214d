import { CheckCircleOutlined } from '@ant-design/icons'
import type { TodoItem } from '@zhanggui/contract'
import { Skeleton } from 'antd'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Failure } from '../../kit/feedback.tsx'

const POLL_MS = 60_000

/** What waits for somebody, each leading to the list where it is done; what does not wait stands back. */
export function Todo() {
  const { shopId } = useShop()
  const read = useRead('console.todo', { params: { shopId } }, { refetchMs: POLL_MS })
  if (read.isError && !read.data) return <Failure error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Skeleton active title={false} paragraph={{ rows: 2 }} />
  const { items } = read.data
  if (items.length === 0) return null
  const nothing = items.every(({ count }) => count === 0)
  const waitingFirst = [...items].sort((a, b) => Number(b.count > 0) - Number(a.count > 0))
  return (
    <section aria-label={t('overview.todo')}>
      {nothing && (
        <p className="todo-clear">
          <CheckCircleOutlined className="green" /> {t('overview.todoClear')}
        </p>
      )}
      <div className="todo">
        {waitingFirst.map((item) => (
          <Tile key={item.key} item={item} />
        ))}
      </div>
    </section>
  )
}

function Tile({ item }: { item: TodoItem }) {
  const { shop } = useShop()
  const state = item.count === 0 ? ' none' : item.urgent ? ' urgent' : ''
  return (
    <Link to={`/s/${shop.slug}/${item.to}`} className={`todo-tile${state}`} data-todo={item.key}>
      <span className="todo-count num">{item.count}</span>
      <span>{say({ zh: item.title, en: item.titleEn })}</span>
    </Link>
  )
}
