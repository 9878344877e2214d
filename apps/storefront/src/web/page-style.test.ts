import { describe, expect, test } from 'vitest'
import { readRules } from '../../build/style-rules.ts'
import { createPageStyle } from './page-style.ts'

const styleOf = (css: string) => createPageStyle(readRules(css))

describe('createPageStyle', () => {
  test('UX-01 rules without classes stay, rules of classes that the page does not show go', () => {
    const style = styleOf('body{margin:0}.a{color:red}.b{color:blue}[hidden]{display:none}')
    expect(style('<p class="a">')).toBe('body{margin:0}.a{color:red}[hidden]{display:none}')
  })

  test('UX-01 one selector of a list is enough, and a selector needs all of its classes', () => {
    const style = styleOf('.a .b,.c:hover{color:red}.a.b>p{color:blue}')
    expect(style('<p class="a">')).toBe('')
    expect(style('<p class="x c">')).toBe('.a .b,.c:hover{color:red}')
    expect(style('<p class="a"><b class="b">')).toBe('.a .b,.c:hover{color:red}.a.b>p{color:blue}')
  })

  test('UX-01 what stands in a negation or an alternative is not asked for', () => {
    const style = styleOf('.a:not(.b){color:red}.a:is(.c,.d:not(.e)) p{color:blue}')
    expect(style('<p class="a">')).toBe('.a:not(.b){color:red}.a:is(.c,.d:not(.e)) p{color:blue}')
  })

  test('UX-01 groups keep what is left of them and vanish when nothing is; animations follow who plays them', () => {
    const style = styleOf(
      '@media (min-width:700px){.a{top:0}.b{top:1px}}@keyframes spin{to{rotate:1turn}}.c{animation:spin 1s}@font-face{font-family:x}',
    )
    expect(style('<p class="a">')).toBe('@media (min-width:700px){.a{top:0}}@font-face{font-family:x}')
    expect(style('<p class="c">')).toBe(
      '.c{animation:spin 1s}@font-face{font-family:x}@keyframes spin{to{rotate:1turn}}',
    )
  })

  test('UX-01 data in an address is not taken for a class', () => {
    const icon = `.i{mask:url("data:image/svg+xml,%3Csvg a='.5,.b'%3E")}`
    expect(styleOf(icon)('<i class="i">')).toBe(icon)
    expect(styleOf(icon)('<i class="b">')).toBe('')
  })
})
