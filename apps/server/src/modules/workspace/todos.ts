import type { TodoItem } from '@zhanggui/contract'
import type { StaffCaller } from '../../kernel/http/caller.ts'
import type { WorkspaceDeps } from './deps.ts'

/** What waits, of what the caller may see, in the order in which the program was put together. */
export async function openTodos(
  { db, todos }: Pick<WorkspaceDeps, 'db' | 'todos'>,
  shopId: string,
  caller: StaffCaller,
): Promise<TodoItem[]> {
  const allowed = todos.filter(({ permission }) => caller.permissions.has(permission))
  return db.read({ shopId }, async (tx) => {
    const items: TodoItem[] = []
    for (const { key, title, urgent, to, count } of allowed)
      items.push({ key, title: title.zh, titleEn: title.en, urgent, to, count: await count(tx, shopId) })
    return items
  })
}
