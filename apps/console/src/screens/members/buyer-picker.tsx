import { Select } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'

interface Props {
  id?: string
  value?: string | null
  onChange?: (buyerId: string | null) => void
  placeholder?: string
}

/** A buyer of the shop, found by order number or phone; the latest without a query. */
export function BuyerPicker({ value, onChange, placeholder, id }: Props) {
  const { shopId } = useShop()
  const [q, setQ] = useState('')
  const read = useRead(
    'console.findBuyers',
    { params: { shopId }, query: { q: q.trim().slice(0, 40) } },
    { keepPrevious: true },
  )
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      className="wide"
      allowClear
      value={value ?? null}
      showSearch={{ filterOption: false, onSearch: setQ }}
      loading={read.isFetching}
      placeholder={placeholder ?? t('member.find')}
      options={(read.data?.items ?? []).map((buyer) => ({
        value: buyer.buyerId,
        label: `${buyer.nickname} ${buyer.phoneMasked} ${buyer.orderNo}`,
      }))}
      onChange={(next: string | null | undefined) => onChange?.(next ?? null)}
    />
  )
}
