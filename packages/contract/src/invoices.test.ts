import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCreditCode, parseInvoiceTitle } from './invoice-head.ts'
import { CreditCode, InvoiceIssue } from './invoices.ts'

const CHARS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** Tencent's and Alibaba's, as their own pages print them. */
const KNOWN = ['9144030071526726XG', '91330100799655058B']
const body = fc.array(fc.constantFrom(...CHARS), { minLength: 17, maxLength: 17 }).map((chars) => chars.join(''))
const codes = body.map((head) => [...CHARS].map((char) => head + char).find(isCreditCode)!)

describe('tax numbers', () => {
  test('PAY-06 a known company’s number is one, in small letters and with spaces too', () => {
    for (const code of KNOWN) {
      expect(isCreditCode(code)).toBe(true)
      const typed = `${code.slice(0, 4)} ${code.slice(4)}`.toLowerCase()
      expect(CreditCode.parse(typed)).toBe(code)
    }
    expect(isCreditCode('')).toBe(false)
    expect(CreditCode.safeParse('914403007152672').error?.issues[0]?.message).toContain('18 位')
  })

  test('PAY-06 one wrong character, or two that changed places, is noticed', () => {
    fc.assert(
      fc.property(codes, fc.nat(17), fc.constantFrom(...CHARS), (code, at, char) => {
        if (char !== code[at]) expect(isCreditCode(code.slice(0, at) + char + code.slice(at + 1))).toBe(false)
      }),
    )
    fc.assert(
      fc.property(codes, fc.nat(15), (code, at) => {
        const swapped = code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2)
        if (swapped !== code) expect(isCreditCode(swapped)).toBe(false)
      }),
    )
  })
})

test.each([
  ['名称：深圳市腾讯计算机系统有限公司\n税号：9144030071526726XG\n地址：深圳'],
  ['深圳市腾讯计算机系统有限公司 9144030071526726xg'],
  ['纳税人识别号: 9144030071526726XG，单位名称：深圳市腾讯计算机系统有限公司'],
  ['深圳市腾讯计算机系统有限公司，税号9144030071526726XG，开户行：招商银行'],
])('PAY-06 a pasted head is taken apart: %s', (pasted) => {
  expect(parseInvoiceTitle(pasted)).toEqual({ title: '深圳市腾讯计算机系统有限公司', taxNo: '9144030071526726XG' })
})

test('PAY-06 whatever is pasted, taking it apart does not fail', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (pasted) => {
      expect(parseInvoiceTitle(pasted).title.length).toBeLessThanOrEqual(100)
    }),
  )
})

test('PAY-06 an invoice is written down with what the buyer can see it by', () => {
  const issued = { number: '24332000000012345678', issuedOn: '2026-11-26', amountFen: 100 }
  expect(InvoiceIssue.safeParse(issued).success).toBe(false)
  expect(InvoiceIssue.safeParse({ ...issued, link: 'javascript:alert(1)' }).success).toBe(false)
  expect(InvoiceIssue.safeParse({ ...issued, link: 'https://dppt.example.cn/v/1' }).success).toBe(true)
})
