import type { JSX } from '@hooks'
import { Empty, Link, NavBar, Screen, Sheet, TextArea, View } from '@kit'
import { toast } from '@platform'
import type { BuyerAddress } from '@zhanggui/contract'
import { AddressBook } from './address-book.tsx'

interface AddressSheetProps {
  isOpen: boolean
  addresses: BuyerAddress[]
  onChange: (addresses: BuyerAddress[]) => void
  onPick: (address: BuyerAddress) => void
  onClose: () => void
}

/** Where it shall go: one of the buyer's addresses, or a new one. */
export const AddressSheet = ({ isOpen, addresses, onChange, onPick, onClose }: AddressSheetProps): JSX.Element => (
  <Sheet isOpen={isOpen} onClose={onClose} title="收货地址" testId="address-sheet">
    <AddressBook
      addresses={addresses}
      onChange={onChange}
      onPick={(picked) => {
        onPick(picked)
        onClose()
        toast('已选择收货地址')
      }}
    />
  </Sheet>
)

/** What the buyer wants the shop to know. */
export const OrderNote = ({ value, onInput }: { value: string; onInput: (note: string) => void }): JSX.Element => (
  <View className="zg-panel">
    <TextArea
      label="给商家留言（选填）"
      placeholder="对包装、送货时间等的要求"
      value={value}
      onInput={onInput}
      maxLength={200}
      rows={2}
      testId="note"
    />
  </View>
)

export const NothingToBuy = ({ title }: { title: string }): JSX.Element => (
  <View>
    <NavBar title={title} back="cart" />
    <Screen>
      <Empty icon="cart" title="没有选中的商品" text="回购物车选择要买的商品">
        <Link className="zg-button zg-button-primary" to="cart" params={{}} isTab>
          回购物车
        </Link>
      </Empty>
    </Screen>
  </View>
)
