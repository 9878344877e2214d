/**
 * Every expected error of the program: its code (stable, part of the interface), HTTP status and message.
 * Placeholders in braces are filled with the offending values. Add a code here before you throw it.
 */
export const ERRORS = {
  // requests
  VALIDATION_FAILED: { status: 422, zh: '{field} 填写有误：{reason}', en: '{field} is not valid: {reason}' },
  BODY_TOO_LARGE: { status: 413, zh: '内容过大，上限为 {limit}', en: 'The request is too large; the limit is {limit}' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, zh: '不支持的内容格式 {type}', en: 'Unsupported content type {type}' },
  NOT_FOUND: { status: 404, zh: '没有找到{what}', en: '{what} was not found' },
  CONFLICT: {
    status: 409,
    zh: '{what} 已被他人修改，请刷新后重试',
    en: '{what} was changed by somebody else; refresh and try again',
  },
  DUPLICATE: { status: 409, zh: '{what} 已存在：{value}', en: '{what} already exists: {value}' },
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    zh: '缺少幂等键 Idempotency-Key',
    en: 'The Idempotency-Key header is required',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    zh: '同一个幂等键用于了不同的请求',
    en: 'This Idempotency-Key was used with a different request',
  },
  IN_PROGRESS: { status: 409, zh: '相同的请求正在处理，请稍候', en: 'The same request is being processed' },
  TOO_MANY_REQUESTS: {
    status: 429,
    zh: '操作太频繁，请 {seconds} 秒后再试',
    en: 'Too many requests; try again in {seconds} s',
  },
  BUSY: { status: 503, zh: '当前人多拥挤，请稍后重试', en: 'The shop is very busy; please try again shortly' },
  UNAVAILABLE: { status: 503, zh: '{what} 暂时不可用：{reason}', en: '{what} is unavailable: {reason}' },
  INTERNAL: {
    status: 500,
    zh: '系统出了点问题，请稍后重试；编号 {requestId}',
    en: 'Something went wrong; reference {requestId}',
  },
  INVALID_CURSOR: {
    status: 400,
    zh: '分页位置无效，请从第一页重新开始',
    en: 'The page cursor is not valid; start from the first page',
  },
  LIMIT_REACHED: { status: 409, zh: '{what}最多 {limit} 个', en: 'At most {limit} {what}' },
  // access
  SIGN_IN_REQUIRED: { status: 401, zh: '请先登录', en: 'Please sign in first' },
  SESSION_EXPIRED: { status: 401, zh: '登录已过期，请重新登录', en: 'Your session has expired; please sign in again' },
  FORBIDDEN: { status: 403, zh: '没有权限：{permission}', en: 'You do not have the permission {permission}' },
  OUT_OF_SCOPE: {
    status: 403,
    zh: '超出你负责的数据范围，没有保存；请检查所选的仓库、自提点、账号或分类，或请管理员调整角色',
    en: 'This is beyond the part of the shop you look after and was not saved; check the warehouse, point, account or category, or ask for another role',
  },
  BAD_CREDENTIALS: { status: 401, zh: '账号或密码不正确', en: 'The account or the password is not right' },
  BAD_TOTP: { status: 401, zh: '动态验证码不正确或已过期', en: 'The one-time code is not right or has expired' },
  BAD_RECOVERY_CODE: {
    status: 401,
    zh: '恢复码不正确或已经用过',
    en: 'The recovery code is not right or was used before',
  },
  PASSKEY_REFUSED: {
    status: 401,
    zh: '通行密钥验证没有通过：{reason}',
    en: 'The passkey was not accepted: {reason}',
  },
  STEP_UP_REQUIRED: {
    status: 403,
    zh: '这是敏感操作，请先验证身份（通行密钥或动态码），验证后会自动继续',
    en: 'This is a sensitive operation; prove who you are (passkey or one-time code) and it goes on',
  },
  STEP_UP_NOT_ENROLLED: {
    status: 403,
    zh: '还不能验证身份：请先在右上角账号菜单里添加通行密钥或绑定动态验证码',
    en: 'You cannot be verified yet: add a passkey or a one-time-code app in the account menu first',
  },
  APPROVAL_REQUIRED: {
    status: 403,
    zh: '这项操作要另一位同事同意，已提交审批；同意后会自动继续，也可稍后再提交一次',
    en: 'A colleague has to agree to this; they have been asked, and it goes on once they have',
  },
  APPROVAL_NOBODY: {
    status: 409,
    zh: '这项操作要另一位同事同意，但没有其他人有「{permission}」权限；请先给一位同事这项权限，或在店铺设置里关闭审批',
    en: 'A colleague has to agree to this, but nobody else holds {permission}; give it to a colleague, or turn the approval off in the settings',
  },
  APPROVAL_OWN: { status: 403, zh: '不能审批自己提交的操作', en: 'Nobody decides what they have asked for themselves' },
  APPROVAL_STATE: {
    status: 409,
    zh: '这项审批{state}，不能再处理',
    en: 'This approval cannot be changed any more: {state}',
  },
  ACCOUNT_LOCKED: {
    status: 423,
    zh: '尝试次数过多，账号锁定至 {until}',
    en: 'Too many attempts; the account is locked until {until}',
  },
  CROSS_SITE: { status: 403, zh: '拒绝来自其他网站的请求', en: 'Requests from other sites are refused' },
  WECHAT_SIGN_IN_FAILED: { status: 401, zh: '微信登录失败：{reason}', en: 'WeChat sign-in failed: {reason}' },
  PHONE_TAKEN: { status: 409, zh: '手机号 {phone} 已绑定其他账号', en: 'The phone {phone} belongs to another account' },
  ACCOUNT_CLOSED: {
    status: 409,
    zh: '这个账号正在注销，几分钟后可以用同一个微信重新注册',
    en: 'This account is being deleted; in a few minutes the same WeChat can register anew',
  },
  DELETION_BLOCKED: {
    status: 409,
    zh: '现在还不能注销：{reasons}',
    en: 'The account cannot be deleted yet: {reasons}',
  },
  ACCOUNT_LIMIT: {
    status: 409,
    zh: '{what}将超过上限 {limit}，可能被微信限制',
    en: '{what} would cross the limit of {limit}; WeChat may restrict the account',
  },
  LOCKED_OUT: {
    status: 409,
    zh: '这样改会让你自己失去员工与角色的管理权限；请让另一位有权限的同事来改',
    en: 'This would take staff management away from yourself; ask a colleague who has it',
  },
  LAST_OWNER: { status: 409, zh: '店铺至少要保留一位拥有者', en: 'A shop keeps at least one owner' },
  // catalogue and stock
  TAG_IN_USE: {
    status: 409,
    zh: '标签「{name}」还有 {count} 个商品在用，先从这些商品上去掉它',
    en: '{count} products still carry the tag {name}; take it off them first',
  },
  PRODUCT_NOT_ON_SALE: { status: 409, zh: '商品「{title}」已下架', en: '“{title}” is no longer on sale' },
  PRODUCT_INCOMPLETE: {
    status: 409,
    zh: '商品还不能上架：{missing}',
    en: 'The product cannot be published yet: {missing}',
  },
  MEMBER_LEVEL_IN_USE: {
    status: 409,
    zh: '会员等级「{name}」还有 {count} 位会员或 {rules} 条价格规则在用',
    en: 'Member level “{name}” still has {count} members or {rules} price rules',
  },
  BULK_EDIT_STATE: {
    status: 409,
    zh: '批量修改不能撤销：{reason}',
    en: 'The bulk edit cannot be taken back: {reason}',
  },
  BULK_EDIT_COUNT: {
    status: 409,
    zh: '现在有 {count} 个商品符合条件，确认的是 {expected} 个。没有修改任何商品，请重新确认',
    en: '{count} products match now, {expected} were agreed to. Nothing was changed; please confirm again',
  },
  CATEGORY_IN_USE: {
    status: 409,
    zh: '类目「{name}」下还有 {count} 个商品或子类目',
    en: 'Category “{name}” still has {count} products or children',
  },
  OUT_OF_STOCK: {
    status: 409,
    zh: '「{title}」库存不足，剩余 {available} 件',
    en: '“{title}” is short of stock; {available} left',
  },
  PURCHASE_LIMIT: {
    status: 409,
    zh: '「{title}」每人限购 {limit} 件，您还可以买 {left} 件',
    en: '“{title}”: {limit} per buyer; you may buy {left} more',
  },
  PARCEL_STATE: {
    status: 409,
    zh: '包裹 {code} {state}，不能{action}',
    en: 'Parcel {code} is {state}; cannot {action}',
  },
  PARCELS_DIFFER: { status: 409, zh: '不能合并：{reason}', en: 'These parcels cannot be merged: {reason}' },
  TOO_MANY_PARCELS: {
    status: 409,
    zh: '订单 {orderNo} 最多分 {max} 个包裹（微信发货的上限）',
    en: 'Order {orderNo} can have at most {max} parcels, the limit of WeChat',
  },
  TRACKING_NO_USED: {
    status: 409,
    zh: '运单号 {trackingNo} 已用于 {code}，请检查是否扫错',
    en: 'Tracking number {trackingNo} is already on {code}; was the wrong one scanned?',
  },
  NOTHING_TO_PICK: {
    status: 409,
    zh: '没有可以加入波次的包裹：{reason}',
    en: 'There is nothing to pick: {reason}',
  },
  WAREHOUSE_NOT_EMPTY: {
    status: 409,
    zh: '仓库「{name}」还有库存，不能停用',
    en: 'Warehouse “{name}” still holds stock',
  },
  IMPORT_UNREADABLE: { status: 422, zh: '文件无法读取：{reason}', en: 'The file cannot be read: {reason}' },
  IMPORT_STATE: {
    status: 409,
    zh: '导入任务当前状态为 {state}，不能执行此操作',
    en: 'The import is {state}; this cannot be done now',
  },
  FILE_REFUSED: { status: 422, zh: '文件 {name} 不被接受：{reason}', en: 'The file {name} is not accepted: {reason}' },
  PAGE_INCOMPLETE: {
    status: 409,
    zh: '页面还不能发布：第 {place} 个组件，{reason}',
    en: 'The page cannot be published yet: block {place}, {reasonEn}',
  },
  PAGE_SCHEDULE_TAKEN: {
    status: 409,
    zh: '这段时间已经安排了版本 {version}（{from} 至 {to}），请换个时间或先取消它',
    en: 'Version {version} is scheduled then ({from} to {to}); choose another time or call it off first',
  },
  PAGE_IN_USE: {
    status: 409,
    zh: '页面「{title}」正在展示或已排期，请先下线',
    en: 'The page “{title}” is shown or scheduled; take it down first',
  },
  // orders and money
  CART_EMPTY: { status: 409, zh: '没有选中的商品', en: 'No goods are selected' },
  CART_FULL: { status: 409, zh: '购物车最多放 {limit} 种商品', en: 'A cart holds at most {limit} kinds of goods' },
  PRICE_CHANGED: {
    status: 409,
    zh: '价格已变动，应付 {now}，请确认后重新提交',
    en: 'The price has changed to {now}; please confirm',
  },
  REGION_EXCLUSIVE: {
    status: 409,
    zh: '{goods}只在{regions}销售，不能寄到{region}',
    en: '{goods}: sold in {regions} only, not to {region}',
  },
  NOT_DELIVERABLE: { status: 409, zh: '收货地址 {region} 暂不配送', en: 'We do not deliver to {region}' },
  DELIVERY_UNAVAILABLE: {
    status: 409,
    zh: '{method}暂不可用：{reason}',
    en: '{method} is not available: {reason}',
  },
  ORDER_HELD: {
    status: 409,
    zh: '订单 {orderNo} 已暂缓发货：{reason}',
    en: 'Order {orderNo} is on hold: {reason}',
  },
  ORDER_STATE: {
    status: 409,
    zh: '订单 {orderNo} 当前为「{state}」，不能{action}',
    en: 'Order {orderNo} is {state}; cannot {action}',
  },
  REVIEW_TOO_LATE: {
    status: 409,
    zh: '{what}的时间已过：截止 {until}',
    en: 'It is too late to {what}: it was possible until {until}',
  },
  LEDGER_LIMIT: { status: 409, zh: '账户余额不足', en: 'The account limit does not allow this transfer' },
  TRANSFER_CONFLICT: {
    status: 409,
    zh: '转账 {id} 已存在但内容不同',
    en: 'Transfer {id} exists with different content',
  },
  PAYMENT_REFUSED: { status: 409, zh: '支付未完成：{reason}', en: 'The payment was not completed: {reason}' },
  FREEZE_REFUSED: { status: 409, zh: '不能冻结：{reason}', en: 'This cannot be frozen: {reason}' },
  DEPOSIT_REFUSED: { status: 409, zh: '保证金操作没有成功：{reason}', en: 'The deposit was not moved: {reason}' },
  PERSONAL_CODE_OFF: {
    status: 409,
    zh: '现在不能用收款码付款：{reason}',
    en: 'Paying by the merchant’s code is not possible now: {reason}',
  },
  PERSONAL_CODE_LIMIT: {
    status: 409,
    zh: '{day} 已收和待收共 {countedYuan}，再确认 {amountYuan} 会超过每日限额 {limitYuan}',
    en: '{countedYuan} are received or promised on {day}; {amountYuan} more would pass the daily limit of {limitYuan}',
  },
  INVOICE_REFUSED: { status: 409, zh: '不能开发票：{reason}', en: 'No invoice can be asked for: {reason}' },
  WITHDRAWAL_REFUSED: { status: 409, zh: '不能提现：{reason}', en: 'This cannot be withdrawn: {reason}' },
  REFUND_TOO_LARGE: {
    status: 409,
    zh: '退款金额超过可退上限 {limit}',
    en: 'The refund exceeds the refundable {limit}',
  },
  CONTRACT_STATE: {
    status: 409,
    zh: '合约「{name}」{state}，不能{action}',
    en: 'The contract “{name}” is {state}; cannot {action}',
  },
  PARTY_ACCOUNT_NEEDED: {
    status: 409,
    zh: '「{name}」还没有收款账户，合约走微信分账；请先填写收款账户，或改为提现结算',
    en: '“{name}” has no account to be paid to by profit sharing; set one, or pay on withdrawal',
  },
  SHARES_FROZEN: {
    status: 409,
    zh: '「{name}」的分成已经冻结；要改原因，请先解冻',
    en: 'The shares of “{name}” are frozen already; release them first to give another reason',
  },
  SHARE_OVER_LIMIT: {
    status: 409,
    zh: '分成比例超过上限 {limit}；请调低比例，或改为提现结算',
    en: 'The rate exceeds the limit of {limit}; lower it, or pay on withdrawal',
  },
  DIFFERENCE_CLOSED: {
    status: 409,
    zh: '这条差异已经处理完；刷新页面看处理结果',
    en: 'This difference is closed already; reload to see how',
  },
  DIFFERENCE_NOT_ADJUSTABLE: {
    status: 409,
    zh: '这类差异不能用调账处理：{reason}',
    en: 'A posting does not put this difference right: {reason}',
  },
  SETTING_INVALID: {
    status: 422,
    zh: '设置「{title}」的值无效：{reason}',
    en: 'The value of “{title}” is not valid: {reason}',
  },
} as const satisfies Record<string, { status: number; zh: string; en: string }>

export type ErrorCode = keyof typeof ERRORS

/** The one JSON shape in which every error is answered. */
export interface ErrorBody {
  error: {
    code: ErrorCode
    message: string
    messageEn: string
    field?: string
    data?: Record<string, unknown>
    retryAfterSeconds?: number
    requestId: string
  }
}
