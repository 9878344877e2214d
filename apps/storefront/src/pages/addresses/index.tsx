import { type JSX, useEffect, useState } from '@hooks'
import { NavBar, Screen, View } from '@kit'
import type { BuyerAddress } from '@zhanggui/contract'
import { definePage, type ViewProps } from '../../page.ts'
import { AddressBook } from '../../parts/address-book.tsx'

interface AddressesData {
  addresses: BuyerAddress[]
}

function AddressesView({ data }: ViewProps<'addresses', AddressesData>): JSX.Element {
  const [addresses, setAddresses] = useState(data.addresses)
  useEffect(() => setAddresses(data.addresses), [data])
  return (
    <View>
      <NavBar title="收货地址" back="me" />
      <Screen className="zg-screen-narrow">
        <View className="zg-panel">
          <AddressBook addresses={addresses} onChange={setAddresses} />
        </View>
      </Screen>
    </View>
  )
}

export default definePage<'addresses', AddressesData>({
  name: 'addresses',
  access: 'buyer',
  load: async ({ api }) => ({ addresses: (await api('buyer.addresses')).items }),
  head: () => ({ title: '收货地址' }),
  View: AddressesView,
})
