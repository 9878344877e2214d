import { APPROVAL_PURPOSES, type ApprovalPurpose } from '@zhanggui/contract'
import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'approvals'

const TITLES: Record<ApprovalPurpose, { zh: string; en: string }> = {
  withdrawal: { zh: '提现要两人同意', en: 'Two people for a withdrawal' },
  payout: { zh: '更换收款账户要两人同意', en: 'Two people for a payout account' },
  credentials: { zh: '修改密钥与凭证要两人同意', en: 'Two people for keys and credentials' },
  refund: { zh: '大额退款要两人同意', en: 'Two people for a large refund' },
  adjustment: { zh: '手工调整要两人同意', en: 'Two people for an adjustment by hand' },
  export: { zh: '批量导出要两人同意', en: 'Two people for a mass export' },
}

const needed = (purpose: ApprovalPurpose) =>
  defineSetting({
    name: `approvals.${purpose}`,
    group,
    schema: z.boolean(),
    default: false,
    title: TITLES[purpose],
    help: {
      zh: '打开后，提交的人先验证身份，再由另一位有同样权限的同事在「审批」里同意，才会执行；至少要有两位同事有这项权限',
      en: 'Whoever asks proves who they are, and a colleague with the same permission agrees before it is done; two people must hold it',
    },
    scopes: ['shop'],
    guarded: true,
  })

/** Which operations need a second person, by what they are proven for. (ACC-08) */
export const approvalNeeded = Object.fromEntries(
  APPROVAL_PURPOSES.map((purpose) => [purpose, needed(purpose)]),
) as Record<ApprovalPurpose, ReturnType<typeof needed>>

export const approvalHours = defineSetting({
  name: 'approvals.hours',
  group,
  schema: z.int().min(1).max(168),
  default: 24,
  unit: 'hours',
  title: { zh: '审批有效期', en: 'How long an approval holds' },
  help: {
    zh: '提交后这么多小时内要有人同意并执行，过期要重新提交',
    en: 'Within so many hours it has to be agreed to and done; after that it is asked for anew',
  },
  scopes: ['shop'],
})
