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
  const allowed = todos.filter(({ permission }) => permission === null || caller.permissions.has(permission))
  const scopesOf = ({ permission }: Todo) => (permission === null ? null : scopesFor(caller, permission))
  const counted = async (tx: Tx, { key, title, urgent, to, count }: Todo): Promise<TodoItem> => ({
    ...{ key, title: title.zh, titleEn: title.en, urgent, to },
    count: await count(tx, shopId, caller),
  })
  const items: TodoItem[] = []
  // Each is counted as its list is read: in the part of the shop that the caller sees under its permission.
  if (allowed.some((todo) => scopesOf(todo) !== null)) {
    for (const todo of allowed)
      items.push(await withDataScopes(scopesOf(todo), () => db.read({ shopId }, (tx) => counted(tx, todo))))
    return shown(allowed, items)
  }
  return db.read({ shopId }, async (tx) => {
    for (const todo of allowed) items.push(await counted(tx, todo))
    return shown(allowed, items)
  })
}

/** What needs no permission is told only while there is something to do. */
const shown = (todos: readonly Todo[], items: TodoItem[]): TodoItem[] =>
  items.filter(({ count }, index) => count > 0 || todos[index]!.permission !== null)
