export type FieldPath = readonly (string | number)[]

/** Something wrong with a form, where the client's schema or the server says it is. */
export interface Issue {
  path: FieldPath
  message: string
}

export interface PlacedIssues {
  /** Errors by field of the form. */
  placed: { name: (string | number)[]; errors: string[] }[]
  /** Errors for which the form has no field. */
  unplaced: string[]
}

/**
 * Gives each issue to the field of the form that is nearest to it. An issue deeper than its field, as in the
 * third row of a table that is one field, is told with the number of the row.
 */
export function placeIssues(
  issues: readonly Issue[],
  fields: readonly FieldPath[],
  rowText: (row: number) => string,
): PlacedIssues {
  const errors = new Map<FieldPath, string[]>()
  const unplaced: string[] = []
  for (const issue of issues) {
    const field = fields
      .filter((each) => each.length <= issue.path.length && each.every((part, index) => part === issue.path[index]))
      .sort((a, b) => b.length - a.length)[0]
    if (!field) {
      unplaced.push(issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`)
      continue
    }
    const row = issue.path[field.length]
    const text = typeof row === 'number' ? `${rowText(row + 1)} ${issue.message}` : issue.message
    const before = errors.get(field) ?? []
    if (!before.includes(text)) errors.set(field, [...before, text])
  }
  return { placed: [...errors].map(([name, texts]) => ({ name: [...name], errors: texts })), unplaced }
}

/** `skus.3.code` as the server names fields → a path. */
export const pathOf = (field: string): FieldPath =>
  field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
