import type { TodoItem } from '@zhanggui/contract'
import { withDataScopes } from '../../kernel/data-scope.ts'
import type { Tx } from '../../kernel/db.ts'
import { type StaffCaller, scopesFor } from '../../kernel/http/caller.ts'
import type { Todo } from '../../kernel/todo.ts'
import type { WorkspaceDeps } from './deps.ts'

/** What waits, of what the caller may see, in the order in which the program was put together. */
export async function openTodos(
  { db, todos }: Pick<WorkspaceDeps, 'db' | 'todos'>,
  shopId: string,
  caller: StaffCaller,
): Promise<TodoItem[]> {
  const allowed = todos.filter(({ permission }) => caller.permissions.has(permission))
  const counted = async (tx: Tx, { key, title, urgent, to, count }: Todo): Promise<TodoItem> => ({
    ...{ key, title: title.zh, titleEn: title.en, urgent, to },
    count: await count(tx, shopId),
  })
  const items: TodoItem[] = []
  // Each is counted as its list is read: in the part of the shop that the caller sees under its permission.
  if (allowed.some(({ permission }) => scopesFor(caller, permission) !== null)) {
    for (const todo of allowed)
      items.push(
        await withDataScopes(scopesFor(caller, todo.permission), () => db.read({ shopId }, (tx) => counted(tx, todo))),
      )
    return items
  }
  return db.read({ shopId }, async (tx) => {
    for (const todo of allowed) items.push(await counted(tx, todo))
    return items
  })
}
