import { z } from 'zod'
import {
  Address,
  Id,
  Instant,
  MobilePhone,
  Ok,
  OwnPath,
  optionalText,
  PageQuery,
  PermissionName,
  page,
  ShopParams,
  shopParams,
  text,
} from './common.ts'
import { DATA_SCOPE_DIMENSIONS, DataScope, ScopeChoices, WHOLE_SHOP } from './data-scope.ts'
import { routes } from './route.ts'

export const Buyer = z
  .object({
    id: Id,
    nickname: z.string(),
    avatarUrl: z.string().nullable(),
    /** Masked: 138****5678. */
    phoneMasked: z.string().nullable(),
    /** Told by the buyer, for greetings and birthday offers only. */
    birthday: z.iso.date().nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'Buyer' })
export type Buyer = z.infer<typeof Buyer>

export const BuyerAddress = z
  .object({ id: Id, ...Address.shape, isDefault: z.boolean(), label: optionalText(10) })
  .meta({ id: 'BuyerAddress' })
export type BuyerAddress = z.infer<typeof BuyerAddress>

const AddressInput = z.object({ ...Address.shape, isDefault: z.boolean().default(false), label: optionalText(10) })

export const ShopSummary = z
  .object({ id: Id, slug: z.string(), name: z.string(), logoUrl: z.string().nullable() })
  .meta({ id: 'ShopSummary' })

export const StaffSession = z
  .object({
    staffId: Id,
    name: z.string(),
    account: z.string(),
    totpEnabled: z.boolean(),
    platform: z.boolean(),
    /** Permissions on the platform itself. */
    platformPermissions: z.array(PermissionName),
    shops: z.array(
      z.object({
        ...ShopSummary.shape,
        roleNames: z.array(z.string()),
        permissions: z.array(PermissionName),
        /** By what the roles narrow the data, where none of them reaches all of it. */
        narrowedBy: z.array(z.enum(DATA_SCOPE_DIMENSIONS)),
      }),
    ),
  })
  .meta({ id: 'StaffSession' })
export type StaffSession = z.infer<typeof StaffSession>

export const StaffMember = z
  .object({
    id: Id,
    account: z.string(),
    name: z.string(),
    state: z.enum(['active', 'disabled']),
    totpEnabled: z.boolean(),
    passkeyCount: z.int(),
    roles: z.array(z.object({ id: Id, name: z.string() })),
    lastSignInAt: Instant.nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'StaffMember' })

export const Role = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string(),
    permissions: z.array(PermissionName),
    /** What of the shop's data these reach. */
    scope: DataScope,
    /** Built-in roles cannot be changed or removed. */
    builtIn: z.boolean(),
    memberCount: z.int(),
    version: z.int(),
  })
  .meta({ id: 'Role' })

const Password = z.string().min(10, '密码至少 10 位').max(128)
const Account = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@-]{2,63}$/, '账号为 3–64 位小写字母、数字或 . _ @ -')
const Totp = z.string().regex(/^\d{6}$/, '请输入 6 位动态码')
const RoleInput = z.object({
  name: text(30),
  description: optionalText(200),
  permissions: z.array(PermissionName).min(1).max(60),
  scope: DataScope.default(WHOLE_SHOP),
})

/** What a member of staff may do and see, and by which of their roles. */
export const StaffAccess = z
  .object({
    staffId: Id,
    name: z.string(),
    state: z.enum(['active', 'disabled']),
    /** While a member is disabled, this is what would come back. */
    roles: z.array(z.object({ id: Id, name: z.string(), permissions: z.array(PermissionName), scope: DataScope })),
    /** Names of what the scopes name; what is missing here is there no more. */
    names: z.array(z.object({ id: Id, name: z.string() })).max(2000),
    /** The lists they may open, as far as the one who asks sees these whole. */
    lists: z
      .array(
        z.object({
          key: z.string(),
          permission: PermissionName,
          /** How many they see, of how many there are. */
          visible: z.int(),
          total: z.int(),
          /** The first few, as their list shows them; `to` is behind the shop's address in the console. */
          samples: z.array(z.object({ title: z.string(), to: z.string() })).max(5),
        }),
      )
      .max(20),
  })
  .meta({ id: 'StaffAccess' })
export type StaffAccess = z.infer<typeof StaffAccess>

export const identityRoutes = routes({
  'auth.miniSignIn': {
    method: 'POST',
    path: '/api/auth/wechat/mini',
    summary: 'Sign a buyer in with the code of wx.login; merges the guest cart',
    access: { audience: 'guest' },
    body: z.object({ code: text(128), guestToken: z.string().max(128).optional() }),
    response: z.object({ token: z.string(), expiresAt: Instant, buyer: Buyer, isNew: z.boolean() }),
    errors: ['WECHAT_SIGN_IN_FAILED', 'ACCOUNT_CLOSED'],
  },
  'auth.webStart': {
    method: 'GET',
    path: '/api/auth/wechat/web',
    summary: 'Send the browser to WeChat to sign in, then back to `returnTo`',
    access: { audience: 'guest' },
    query: z.object({ returnTo: OwnPath.default('/') }),
    produces: 'redirect',
  },
  'auth.webCallback': {
    method: 'GET',
    path: '/api/auth/wechat/web/callback',
    summary: 'Where WeChat sends the browser back with its code',
    access: { audience: 'guest' },
    query: z.object({ code: text(128), state: text(200) }),
    produces: 'redirect',
    errors: ['WECHAT_SIGN_IN_FAILED', 'ACCOUNT_CLOSED'],
  },
  'auth.buyerSignOut': {
    method: 'POST',
    path: '/api/auth/buyer/sign-out',
    summary: 'End the buyer session',
    access: { audience: 'public' },
    response: Ok,
  },
  'auth.staffSignIn': {
    method: 'POST',
    path: '/api/auth/staff/sign-in',
    summary: 'Sign staff in with password and, where enrolled, the one-time code; sets the session cookie',
    access: { audience: 'public' },
    body: z.object({
      account: text(64),
      password: z.string().min(1).max(128),
      totp: Totp.optional(),
      /** In the place of the one-time code, when the phone is lost. */
      recoveryCode: text(20).optional(),
    }),
    response: z.object({ needsTotp: z.boolean(), session: StaffSession.nullable() }),
    errors: ['BAD_CREDENTIALS', 'BAD_TOTP', 'BAD_RECOVERY_CODE', 'ACCOUNT_LOCKED', 'TOO_MANY_REQUESTS'],
  },
  'auth.staffSignOut': {
    method: 'POST',
    path: '/api/auth/staff/sign-out',
    summary: 'End the staff session',
    access: { audience: 'public' },
    response: Ok,
  },
  'staff.me': {
    method: 'GET',
    path: '/api/staff/me',
    summary: 'Who is signed in, with shops and permissions',
    access: { audience: 'staff-self' },
    response: StaffSession,
  },
  'staff.changePassword': {
    method: 'POST',
    path: '/api/staff/me/password',
    summary: 'Change the own password; ends the other sessions',
    access: { audience: 'staff-self' },
    body: z.object({ current: z.string().min(1).max(128), next: Password }),
    response: Ok,
    errors: ['BAD_CREDENTIALS'],
  },
  'staff.totpStart': {
    method: 'POST',
    path: '/api/staff/me/totp',
    summary: 'Start enrolling or replacing a one-time-code app: secret and QR code; asks for the password anew',
    access: { audience: 'staff-self' },
    // Beside a passkey, or in the place of another app: the password alone would do less than what is there.
    stepUpAbove: 'staff',
    body: z.object({ password: z.string().min(1).max(128) }),
    response: z.object({ secret: z.string(), uri: z.string(), qrSvg: z.string() }),
    errors: ['BAD_CREDENTIALS', 'ACCOUNT_LOCKED'],
  },
  'staff.totpConfirm': {
    method: 'POST',
    path: '/api/staff/me/totp/confirm',
    summary: 'Finish enrolling with a code of the app; the one that it replaces, and other sessions, end',
    access: { audience: 'staff-self' },
    body: z.object({ code: Totp }),
    response: Ok,
    errors: ['BAD_TOTP'],
  },
  'buyer.me': {
    method: 'GET',
    path: '/api/buyer/me',
    summary: 'The signed-in buyer',
    access: { audience: 'buyer' },
    response: Buyer,
  },
  'buyer.updateProfile': {
    method: 'PATCH',
    path: '/api/buyer/me',
    summary: 'Change nickname or birthday; null takes the birthday away',
    access: { audience: 'buyer' },
    body: z.object({ nickname: text(30).optional(), birthday: z.iso.date().nullable().optional() }),
    response: Buyer,
  },
  'buyer.uploadAvatar': {
    method: 'POST',
    path: '/api/buyer/shops/:shopId/avatar',
    summary: 'A picture of the buyer, up to 5 MB, in the place of the one before',
    access: { audience: 'buyer' },
    params: ShopParams,
    consumes: 'file',
    response: Buyer,
    errors: ['FILE_REFUSED', 'BODY_TOO_LARGE', 'TOO_MANY_REQUESTS'],
  },
  'buyer.bindPhone': {
    method: 'POST',
    path: '/api/buyer/phone',
    summary: "Bind the phone number behind WeChat's phone-number button",
    access: { audience: 'buyer' },
    body: z.object({ code: text(128) }),
    response: Buyer,
    errors: ['PHONE_TAKEN', 'WECHAT_SIGN_IN_FAILED'],
  },
  'buyer.addresses': {
    method: 'GET',
    path: '/api/buyer/addresses',
    summary: 'The address book, default first',
    access: { audience: 'buyer' },
    response: z.object({ items: z.array(BuyerAddress).max(20) }),
  },
  'buyer.createAddress': {
    method: 'POST',
    path: '/api/buyer/addresses',
    summary: 'Add an address (at most 20)',
    access: { audience: 'buyer' },
    body: AddressInput,
    response: BuyerAddress,
  },
  'buyer.updateAddress': {
    method: 'PUT',
    path: '/api/buyer/addresses/:addressId',
    summary: 'Change an address',
    access: { audience: 'buyer' },
    params: z.object({ addressId: Id }),
    body: AddressInput,
    response: BuyerAddress,
  },
  'buyer.deleteAddress': {
    method: 'DELETE',
    path: '/api/buyer/addresses/:addressId',
    summary: 'Remove an address; it can be taken back for a few minutes',
    access: { audience: 'buyer' },
    params: z.object({ addressId: Id }),
    response: Ok,
  },
  'buyer.restoreAddress': {
    method: 'POST',
    path: '/api/buyer/addresses/:addressId/restore',
    summary: 'Take the removal of an address back, as long as that is offered',
    access: { audience: 'buyer' },
    params: z.object({ addressId: Id }),
    response: BuyerAddress,
    errors: ['NOT_FOUND', 'LIMIT_REACHED'],
  },
  'console.staff': {
    method: 'GET',
    path: '/api/console/shops/:shopId/staff',
    summary: 'Staff of the shop',
    access: { audience: 'staff', permission: 'staff.read' },
    params: ShopParams,
    query: PageQuery.extend({ q: z.string().max(60).optional() }),
    response: page(StaffMember),
  },
  'console.createStaff': {
    method: 'POST',
    path: '/api/console/shops/:shopId/staff',
    summary: 'Add a member of staff with a first password and roles',
    access: { audience: 'staff', permission: 'staff.write' },
    stepUp: 'staff',
    params: ShopParams,
    body: z.object({ account: Account, name: text(30), password: Password, roleIds: z.array(Id).min(1).max(20) }),
    response: StaffMember,
    errors: ['DUPLICATE', 'FORBIDDEN'],
  },
  'console.updateStaff': {
    method: 'PATCH',
    path: '/api/console/shops/:shopId/staff/:staffId',
    summary: 'Change name, roles or state; disabling ends all sessions',
    access: { audience: 'staff', permission: 'staff.write' },
    stepUp: 'staff',
    params: shopParams({ staffId: Id }),
    body: z.object({
      name: text(30).optional(),
      roleIds: z.array(Id).min(1).max(20).optional(),
      state: z.enum(['active', 'disabled']).optional(),
      resetPassword: Password.optional(),
      /** Takes the one-time-code app away, when a phone was lost. */
      resetTotp: z.literal(true).optional(),
      /** Removes all passkeys, when a device was lost or stolen. */
      resetPasskeys: z.literal(true).optional(),
    }),
    response: StaffMember,
    errors: ['LAST_OWNER', 'LOCKED_OUT', 'FORBIDDEN'],
  },
  'console.staffAccess': {
    method: 'GET',
    path: '/api/console/shops/:shopId/staff/:staffId/access',
    summary: 'What a member of staff may do and sees, and by which roles',
    access: { audience: 'staff', permission: 'staff.read' },
    params: shopParams({ staffId: Id }),
    response: StaffAccess,
  },
  'console.scopeChoices': {
    method: 'GET',
    path: '/api/console/shops/:shopId/scope-choices',
    summary: 'What a role can be narrowed to: warehouses, pick-up points, channel accounts, categories',
    access: { audience: 'staff', permission: 'staff.read' },
    params: ShopParams,
    response: ScopeChoices,
  },
  'console.roles': {
    method: 'GET',
    path: '/api/console/shops/:shopId/roles',
    summary: 'Roles of the shop with their permissions',
    access: { audience: 'staff', permission: 'staff.read' },
    params: ShopParams,
    response: z.object({ items: z.array(Role).max(200) }),
  },
  'console.createRole': {
    method: 'POST',
    path: '/api/console/shops/:shopId/roles',
    summary: 'Add a role; nobody can give a permission that they do not hold',
    access: { audience: 'staff', permission: 'staff.write' },
    stepUp: 'staff',
    params: ShopParams,
    body: RoleInput,
    response: Role,
    errors: ['DUPLICATE', 'FORBIDDEN'],
  },
  'console.updateRole': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/roles/:roleId',
    summary: 'Change a role; nobody takes staff management from themselves',
    access: { audience: 'staff', permission: 'staff.write' },
    stepUp: 'staff',
    params: shopParams({ roleId: Id }),
    body: RoleInput.extend({ version: z.int() }),
    response: Role,
    errors: ['CONFLICT', 'DUPLICATE', 'FORBIDDEN', 'LOCKED_OUT'],
  },
  'console.deleteRole': {
    method: 'DELETE',
    path: '/api/console/shops/:shopId/roles/:roleId',
    summary: 'Remove a role that nobody has',
    access: { audience: 'staff', permission: 'staff.write' },
    stepUp: 'staff',
    params: shopParams({ roleId: Id }),
    response: Ok,
    errors: ['CONFLICT'],
  },
  'platform.shops': {
    method: 'GET',
    path: '/api/platform/shops',
    summary: 'All shops',
    access: { audience: 'platform', permission: 'platform.shops' },
    query: PageQuery.extend({ q: z.string().max(60).optional() }),
    response: page(z.object({ ...ShopSummary.shape, state: z.enum(['open', 'closed']), createdAt: Instant })),
  },
  'platform.createShop': {
    method: 'POST',
    path: '/api/platform/shops',
    summary: 'Open a shop with its owner, warehouses and default freight template',
    access: { audience: 'platform', permission: 'platform.shops' },
    body: z.object({
      name: text(40),
      slug: z.string().regex(/^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/),
      owner: z.object({ account: Account, name: text(30), password: Password }),
    }),
    response: ShopSummary,
    errors: ['DUPLICATE'],
  },
})
export { MobilePhone }
