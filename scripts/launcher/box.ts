/** Columns a text takes in a terminal: Chinese characters and full-width punctuation take two. */
export function columns(text: string): number {
  let width = 0
  for (const character of text) width += WIDE.test(character) ? 2 : 1
  return width
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u

/** Lines in a frame; an empty line becomes a rule. */
export function box(lines: readonly string[]): string {
  const width = Math.max(...lines.map(columns))
  const rule = '─'.repeat(width + 2)
  const body = lines.map((line) => (line === '' ? `├${rule}┤` : `│ ${line}${' '.repeat(width - columns(line))} │`))
  return [`╭${rule}╮`, ...body, `╰${rule}╯`].join('\n')
}

/** Rows of cells as lines, each column as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, columns(cell))
  return rows.map((row) =>
    row
      .map((cell, n) => cell + ' '.repeat(widths[n]! - columns(cell)))
      .join('  ')
      .trimEnd(),
  )
}
