import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'identity'

export const maxFailedSignIns = defineSetting({
  name: 'identity.max-failed-sign-ins',
  group,
  schema: z.int().min(3).max(50),
  default: 5,
  unit: 'times',
  title: { zh: '登录失败上限', en: 'Failed sign-ins before a lock' },
  help: {
    zh: '员工账号连续输错这么多次密码或动态码后会被锁定',
    en: 'A staff account is locked after this many wrong passwords or codes in a row',
  },
  scopes: ['platform'],
})

export const lockMinutes = defineSetting({
  name: 'identity.lock-minutes',
  group,
  schema: z.int().min(1).max(1440),
  default: 15,
  unit: 'minutes',
  title: { zh: '锁定时长', en: 'Length of a lock' },
  help: { zh: '账号锁定后需要等待的分钟数', en: 'Minutes until a locked account may try again' },
  scopes: ['platform'],
})

export const passkeyChallengeMinutes = defineSetting({
  name: 'identity.passkey-challenge-minutes',
  group,
  schema: z.int().min(1).max(60),
  default: 5,
  unit: 'minutes',
  title: { zh: '通行密钥验证时限', en: 'Time to answer with a passkey' },
  help: {
    zh: '打开登录页或开始添加通行密钥后，须在这么多分钟内完成指纹、面容或 PIN 验证',
    en: 'Fingerprint, face or PIN must be given within this many minutes',
  },
  scopes: ['platform'],
})

export const staffSessionHours = defineSetting({
  name: 'identity.staff-session-hours',
  group,
  schema: z.int().min(1).max(720),
  default: 12,
  unit: 'hours',
  title: { zh: '员工登录有效期', en: 'Length of a staff session' },
  help: { zh: '员工登录后多少小时需要重新登录', en: 'Staff sign in again after this many hours' },
  scopes: ['platform'],
})

export const buyerSessionDays = defineSetting({
  name: 'identity.buyer-session-days',
  group,
  schema: z.int().min(1).max(365),
  default: 30,
  unit: 'days',
  title: { zh: '消费者登录有效期', en: 'Length of a buyer session' },
  help: { zh: '消费者登录后多少天需要重新登录', en: 'Buyers sign in again after this many days' },
  scopes: ['platform'],
})

export const addressUndoMinutes = defineSetting({
  name: 'identity.address-undo-minutes',
  group,
  schema: z.int().min(1).max(1440),
  default: 10,
  unit: 'minutes',
  title: { zh: '删除地址后可撤销', en: 'How long a removed address can be taken back' },
  help: {
    zh: '买家删除收货地址后，在这么多分钟内可以撤销，之后彻底删除',
    en: 'A removed address can be taken back for so many minutes, then it is deleted for good',
  },
  scopes: ['platform'],
})

export const stepUpMinutes = defineSetting({
  name: 'identity.step-up-minutes',
  group,
  schema: z.int().min(1).max(30),
  default: 5,
  unit: 'minutes',
  guarded: true,
  title: { zh: '身份验证有效时长', en: 'How long a verification holds' },
  help: {
    zh: '敏感操作验证身份后，同类操作在这么多分钟内不再询问（只在本次登录内有效）',
    en: 'After proving themselves, a person is not asked again for the same kind of operation in this session for so long',
  },
  scopes: ['platform'],
})

export const stepUpByPassword = defineSetting({
  name: 'identity.step-up-by-password',
  group,
  schema: z.boolean(),
  default: true,
  guarded: true,
  title: { zh: '未绑定者可用密码验证', en: 'Password where nothing better is enrolled' },
  help: {
    zh: '没有通行密钥和动态码的员工，可以用密码完成一般敏感操作的验证；提现、收款账户和密钥始终需要通行密钥或动态码',
    en: 'Staff without passkey and code app may prove themselves by password; never for withdrawals, payout accounts and keys',
  },
  scopes: ['platform'],
})

export const familiarDays = defineSetting({
  name: 'identity.familiar-days',
  group,
  schema: z.int().min(7).max(365),
  default: 90,
  unit: 'days',
  title: { zh: '常用设备与地点', en: 'How long devices and places stay familiar' },
  help: {
    zh: '这么多天内没有用过的设备或网络地址段再次登录时，会提醒本人并记入日志',
    en: 'A sign-in from a device or block of addresses not used for so long is told to the person and recorded',
  },
  scopes: ['platform'],
})
