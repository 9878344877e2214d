import { NUMERIC, parameterError } from './refusal.ts'

/** The members a request body may have. WeChat refuses everything else, so a schema lists all it knows. */
export type Field =
  | { kind: 'string'; label: string; required?: boolean; min?: number; max: number; pattern?: RegExp; oneOf?: string[] }
  | { kind: 'int'; label: string; required?: boolean; min?: number; max?: number }
  | { kind: 'bool'; label: string; required?: boolean }
  | { kind: 'object'; label: string; required?: boolean; members: Members }
  | { kind: 'array'; label: string; required?: boolean; max: number; of: Field }
export type Members = Record<string, Field>

const ASTRAL = /[\u{10000}-\u{10FFFF}]/u

function checkString(field: Field & { kind: 'string' }, value: unknown, path: string): void {
  const wrong = (rule: string) => parameterError({ field: path, value, issue: `映射到字段“${field.label}”${rule}` })
  if (typeof value !== 'string') throw wrong('类型规则校验失败，此字段应为字符串')
  if (ASTRAL.test(value)) throw wrong('字符规则校验失败，仅支持1至3字节的UTF-8字符')
  const length = [...value].length
  if (length > field.max) throw wrong(`字符串规则校验失败，字符数 ${length}，大于最大值 ${field.max}`)
  if (length < (field.min ?? 1)) throw wrong(`字符串规则校验失败，字符数 ${length}，小于最小值 ${field.min ?? 1}`)
  if (field.pattern && !field.pattern.test(value)) throw wrong('字符串规则校验失败，字符串不符合要求的格式')
  if (field.oneOf && !field.oneOf.includes(value)) throw wrong('枚举规则校验失败')
}

function checkInt(field: Field & { kind: 'int' }, value: unknown, path: string): void {
  const wrong = (rule: string, numeric?: number) =>
    parameterError({ field: path, value, issue: `映射到数值字段“${field.label}”${rule}`, ...(numeric && { numeric }) })
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong('类型规则校验失败，此字段应为整数')
  if (field.min !== undefined && value < field.min)
    throw wrong(`规则校验失败，值低于最小值 ${field.min}`, NUMERIC.outOfRange)
  if (field.max !== undefined && value > field.max)
    throw wrong(`规则校验失败，值高于最大值 ${field.max}`, NUMERIC.outOfRange)
}

function checkField(field: Field, value: unknown, path: string): void {
  if (value === undefined || value === null || (field.kind === 'string' && field.required && value === '')) {
    if (!field.required) return
    const issue = `映射到字段“${field.label}”必填性规则校验失败，此字段为必填项`
    const numeric = path === '/payer/openid' ? NUMERIC.openidRequired : NUMERIC.parameter
    throw parameterError({ field: path, issue, numeric })
  }
  if (field.kind === 'string') checkString(field, value, path)
  else if (field.kind === 'int') checkInt(field, value, path)
  else if (field.kind === 'object') checkMembers(field.members, value, path, field.label)
  else if (field.kind === 'bool') {
    if (typeof value !== 'boolean') {
      throw parameterError({
        field: path,
        value,
        issue: `映射到字段“${field.label}”类型规则校验失败，此字段应为布尔值`,
      })
    }
  } else {
    if (!Array.isArray(value) || value.length > field.max) {
      throw parameterError({ field: path, issue: `映射到字段“${field.label}”数组规则校验失败，最多 ${field.max} 项` })
    }
    for (const [index, each] of value.entries()) checkField(field.of, each, `${path}/${index}`)
  }
}

/** Checks a value against the members it may have; throws the PARAM_ERROR that WeChat Pay would answer. */
export function checkMembers(members: Members, value: unknown, path = '', label = '请求报文'): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw parameterError({ field: path || '/', issue: `映射到字段“${label}”类型规则校验失败，此字段应为对象` })
  }
  const given = value as Record<string, unknown>
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(members, key)) {
      throw parameterError({ field: `${path}/${key}`, issue: '为非法的多余参数', numeric: NUMERIC.extraParameter })
    }
  }
  for (const [key, field] of Object.entries(members)) checkField(field, given[key], `${path}/${key}`)
}
