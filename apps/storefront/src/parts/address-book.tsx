import { type Children, Fragment, type JSX, useState } from '@hooks'
import { Button, Empty, Icon, Sheet, Tag, Tap, Text, View } from '@kit'
import { toast } from '@platform'
import type { BuyerAddress } from '@zhanggui/contract'
import { useApp } from '../app.ts'
import { AddressForm } from './address-form.tsx'
import { useUndo } from './undo-bar.tsx'
import { useAct } from './use-act.ts'
import './parts.css'

type AddressParts = Pick<BuyerAddress, 'province' | 'city' | 'district' | 'street' | 'detail'>

/** An address in one line; a municipality is not named twice. */
export const addressText = ({ province, city, district, street, detail }: AddressParts): string =>
  [province, city === province ? '' : city, district, street, detail].join('')

/** Whose address it is, and where; the children stand beside the name. */
export function AddressLines({
  address,
  children,
}: {
  address: AddressParts & { name: string; phone: string; isDefault?: boolean }
  children?: Children
}): JSX.Element {
  return (
    <View className="zg-grow">
      <View className="zg-address-who">
        <Text>{address.name}</Text>
        <Text>{address.phone}</Text>
        {address.isDefault && <Tag kind="good">默认</Tag>}
        {children}
      </View>
      <Text as="p" className="zg-small zg-muted">
        {addressText(address)}
      </Text>
    </View>
  )
}

export interface AddressBookProps {
  addresses: BuyerAddress[]
  onChange: (addresses: BuyerAddress[]) => void
  /** Picking one, when the book is open to choose from. */
  onPick?: (address: BuyerAddress) => void
}

const MOST_ADDRESSES = 20

/** The buyer's addresses: add, change, remove, and choose. */
export function AddressBook({ addresses, onChange, onPick }: AddressBookProps): JSX.Element {
  const { api } = useApp()
  const { act } = useAct()
  const { offer, bar } = useUndo()
  const [editing, setEditing] = useState<BuyerAddress | 'new' | undefined>(
    addresses.length === 0 && onPick ? 'new' : undefined,
  )
  const reload = async () => onChange((await api('buyer.addresses')).items)
  const remove = (address: BuyerAddress) =>
    act(async () => {
      await api('buyer.deleteAddress', { params: { addressId: address.id } })
      await reload()
      offer({ text: `已删除 ${address.name} 的地址`, undo: () => restore(address) })
    })
  const restore = ({ id }: BuyerAddress) =>
    act(async () => {
      await api('buyer.restoreAddress', { params: { addressId: id } })
      await reload()
      toast('地址已恢复', 'good')
    })
  const onSaved = (saved: BuyerAddress) =>
    act(async () => {
      setEditing(undefined)
      toast('地址已保存', 'good')
      await reload()
      onPick?.(saved)
    })
  const form = editing !== undefined && (
    <AddressForm address={editing === 'new' ? undefined : editing} onSaved={onSaved} />
  )
  // inside the sheet to choose from, the form takes the place of the list: no sheet upon a sheet
  if (onPick && form)
    return (
      <Fragment>
        {form}
        {addresses.length > 0 && (
          <View className="zg-panel-foot">
            <Button kind="plain" isBlock onTap={() => setEditing(undefined)}>
              返回地址列表
            </Button>
          </View>
        )}
      </Fragment>
    )
  return (
    <Fragment>
      {addresses.length === 0 && <Empty icon="pin" title="还没有收货地址" text="添加一个，下单更快" />}
      {addresses.map((address) => (
        <View className="zg-book-item" key={address.id}>
          {onPick ? (
            <Tap className="zg-book-pick" onTap={() => onPick(address)}>
              <AddressLines address={address} />
            </Tap>
          ) : (
            <AddressLines address={address} />
          )}
          <Tap className="zg-icon-key" label="修改地址" onTap={() => setEditing(address)}>
            <Icon name="edit" />
          </Tap>
          <Tap className="zg-icon-key" label="删除地址" onTap={() => remove(address)}>
            <Icon name="trash" />
          </Tap>
        </View>
      ))}
      <View className="zg-panel-foot">
        <Button
          kind={addresses.length === 0 ? 'primary' : 'soft'}
          isBlock
          isDisabled={addresses.length >= MOST_ADDRESSES}
          testId="address-add"
          onTap={() => setEditing('new')}
        >
          <Icon name="plus" /> 新增收货地址
        </Button>
      </View>
      {bar}
      {!onPick && (
        <Sheet
          isOpen={editing !== undefined}
          onClose={() => setEditing(undefined)}
          title={editing === 'new' ? '新增收货地址' : '修改收货地址'}
          testId="address-form"
        >
          {form}
        </Sheet>
      )}
    </Fragment>
  )
}
