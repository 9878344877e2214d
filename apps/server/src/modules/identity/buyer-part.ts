import { type BuyerPart, type CopySection, MOST_COPIED } from '../../kernel/buyer-part.ts'
import type { Vault } from '../../kernel/crypto.ts'
import { birthdayContext } from './profile.ts'
import {
  allAddressesOf,
  eraseBuyer,
  type KnownBuyer,
  knownBuyer,
  mergedMoments,
  registeredMoments,
  sessionsOf,
  signInMoments,
} from './store-own-data.ts'

const GONE = '已注销用户'

/** Who the buyer is, as far as it is personal. */
export function identityBuyerPart(vault: Vault): BuyerPart {
  return {
    moments: [
      { kind: 'registered', read: registeredMoments },
      { kind: 'signed-in', read: signInMoments },
      { kind: 'merged', read: mergedMoments },
    ],
    copy: async (tx, buyerId) => {
      const known = await knownBuyer(tx, buyerId)
      if (!known) return []
      return [
        profileOf(vault, known),
        {
          name: 'addresses',
          title: '收货地址',
          columns: { name: '收货人', phone: '手机号', region: '地区', detail: '详细地址', label: '标签' },
          rows: (await allAddressesOf(tx, buyerId)).map(
            ({ personalCipher, province, city, district, street, label }) => {
              const { name, phone, detail } = JSON.parse(vault.decrypt(personalCipher)) as Record<string, string>
              return { name, phone, region: [province, city, district, street].join(''), detail, label }
            },
          ),
        },
        {
          name: 'sessions',
          title: '登录记录',
          columns: { createdAt: '登录时间', expiresAt: '有效期至' },
          rows: await sessionsOf(tx, buyerId, MOST_COPIED),
        },
      ]
    },
    erase: (tx, buyerId, at) => eraseBuyer(tx, buyerId, GONE, at),
  }
}

function profileOf(vault: Vault, known: KnownBuyer): CopySection {
  const { buyerId, nickname, avatarUrl, phoneCipher, birthdayCipher, createdAt, identities } = known
  return {
    name: 'profile',
    title: '个人资料',
    columns: {
      ...{ nickname: '昵称', avatarUrl: '头像', phone: '手机号', birthday: '生日' },
      ...{ identities: '微信账号标识', createdAt: '注册时间' },
    },
    rows: [
      {
        ...{ nickname, avatarUrl, createdAt, identities: identities.join(' ') },
        phone: phoneCipher === null ? null : vault.decrypt(phoneCipher),
        birthday: birthdayCipher === null ? null : vault.decrypt(birthdayCipher, birthdayContext(buyerId)),
      },
    ],
  }
}
