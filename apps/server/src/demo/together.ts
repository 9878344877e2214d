/**
 * Does things side by side and waits for all of them, also when one fails: what is started again afterwards finds
 * nothing under way. Answers in order. @throws whatever failed first in that order
 */
export async function together<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(works)
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}
