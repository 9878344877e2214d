import type { Buyer } from '@zhanggui/contract'
import { localDay } from '../../kernel/days.ts'
import { AppError } from '../../kernel/errors.ts'
import { IMAGE_FORMATS, variantUrl } from '../../kernel/files.ts'
import { buyerOf } from '../../kernel/http/caller.ts'
import type { Call } from '../../kernel/http/mount.ts'
import type { IdentityDeps } from './deps.ts'
import { type BuyerRow, buyerById, type ProfileChange, updateProfile } from './store-buyers.ts'

const MAX_AVATAR_BYTES = 5 * 1024 * 1024
const FIRST_BIRTHDAY = '1900-01-01'

/** What the sealed birthday is bound to. */
export const birthdayContext = (buyerId: string): string => `birthday:${buyerId}`

/** The buyer as the buyer sees it; the phone stays masked. */
export function toBuyer({ vault }: Pick<IdentityDeps, 'vault'>, row: BuyerRow): Buyer {
  const { buyerId, nickname, avatarUrl, phoneMasked, birthdayCipher, createdAt } = row
  const birthday = birthdayCipher === null ? null : vault.decrypt(birthdayCipher, birthdayContext(buyerId))
  return { id: buyerId, nickname, avatarUrl, phoneMasked, birthday, createdAt }
}

/** Changes nickname or birthday; a birthday lies in the past. @throws AppError VALIDATION_FAILED, SIGN_IN_REQUIRED */
export function changeProfile(
  deps: IdentityDeps,
  buyerId: string,
  input: { nickname?: string | undefined; birthday?: string | null | undefined },
): Promise<Buyer> {
  const { nickname, birthday } = input
  if (birthday && (birthday < FIRST_BIRTHDAY || birthday > localDay(deps.clock.instant())))
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '生日', reason: '请选择过去的日期' },
      field: 'birthday',
    })
  const birthdayCipher = birthday ? deps.vault.encrypt(birthday, birthdayContext(buyerId)) : birthday
  return write(deps, buyerId, { nickname, birthdayCipher })
}

/** Stores a picture and shows it as the buyer's. @throws AppError NOT_FOUND, VALIDATION_FAILED, FILE_REFUSED */
export async function uploadAvatar(
  deps: IdentityDeps,
  { request, params: { shopId }, caller }: Pick<Call, 'request' | 'caller'> & { params: { shopId: string } },
): Promise<Buyer> {
  const buyerId = buyerOf(caller)
  if (!(await deps.db.read({ shopId }, (tx) => deps.parties.findShop(tx, shopId))))
    throw new AppError('NOT_FOUND', { values: { what: '店铺' } })
  const limits = { fileSize: MAX_AVATAR_BYTES + 1, files: 1 }
  const file = request.isMultipart() ? await request.file({ limits }) : undefined
  if (!file) throw new AppError('VALIDATION_FAILED', { values: { field: 'file', reason: '请选择图片' }, field: 'file' })
  const stored = await deps.files.upload({
    ...{ shopId, name: file.filename, content: file.file, maxBytes: MAX_AVATAR_BYTES },
    accept: IMAGE_FORMATS,
    actor: { kind: 'buyer', id: buyerId },
  })
  return write(deps, buyerId, { avatarUrl: variantUrl(stored.id) })
}

/** The name stands in the lists of shops as well, which only the system sees at once. */
function write(deps: IdentityDeps, buyerId: string, change: ProfileChange): Promise<Buyer> {
  return deps.db.tx('system', async (tx) => {
    if (!(await updateProfile(tx, buyerId, change))) throw new AppError('SIGN_IN_REQUIRED')
    if (change.nickname !== undefined) await deps.onRenamed(tx, { buyerId, nickname: change.nickname })
    return toBuyer(deps, (await buyerById(tx, buyerId))!)
  })
}
