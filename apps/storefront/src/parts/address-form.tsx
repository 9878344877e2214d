import { type JSX, useState } from '@hooks'
import { Button, Check, Input, Select, Text, TextArea, View } from '@kit'
import {
  type AddressErrors,
  addressErrors,
  type PastedAddress,
  PROVINCES,
  parsePastedAddress,
} from '@model/pasted-address.ts'
import { chooseAddress, toast } from '@platform'
import type { BuyerAddress } from '@zhanggui/contract'
import { useApp } from '../app.ts'
import { DivisionField } from './divisions.tsx'
import { useAct } from './use-act.ts'
import './parts.css'

const EMPTY: PastedAddress = { name: '', phone: '', province: '', city: '', district: '', street: '', detail: '' }

/** New address, or one to change. Calls back with what the server has kept. */
export function AddressForm({
  address,
  onSaved,
}: {
  address: BuyerAddress | undefined
  onSaved: (saved: BuyerAddress) => void
}): JSX.Element {
  const { api } = useApp()
  const { isBusy, act } = useAct()
  const [form, setForm] = useState<PastedAddress>(address ?? EMPTY)
  const [isDefault, setDefault] = useState(address?.isDefault ?? false)
  const [errors, setErrors] = useState<AddressErrors>({})
  const field = (name: keyof PastedAddress) => ({
    value: form[name],
    error: errors[name],
    testId: `address-${name}`,
    onInput: (value: string) => {
      setForm({ ...form, [name]: value })
      setErrors({ ...errors, [name]: undefined })
    },
  })
  /** A place above changes: what was chosen below it is no longer there. */
  const choosePlace = (changed: Partial<PastedAddress>) => {
    setForm({ ...form, ...changed })
    setErrors({ ...errors, province: undefined, city: undefined })
  }
  const place = (name: 'city' | 'district' | 'street', label: string, placeholder: string) => ({
    ...{ label, placeholder, value: form[name], error: errors[name], testId: `address-${name}` },
    onChange: (value: string) =>
      choosePlace({
        [name]: value,
        ...(name === 'city' ? { district: '', street: '' } : name === 'district' ? { street: '' } : {}),
      }),
  })
  const save = () => {
    const found = addressErrors(form)
    setErrors(found)
    if (Object.keys(found).length > 0) return toast('请检查标红的内容', 'bad')
    const { name, phone, province, city, district, street, detail } = form
    const body = {
      name,
      phone: phone.trim(),
      province,
      city,
      district,
      street,
      detail,
      isDefault,
      label: address?.label ?? '',
    }
    act(async () =>
      onSaved(
        address
          ? await api('buyer.updateAddress', { params: { addressId: address.id }, body })
          : await api('buyer.createAddress', { body }),
      ),
    )
  }
  const fill = (parsed: PastedAddress) => {
    const found = Object.fromEntries(
      Object.entries(parsed).filter(([, value]) => value !== ''),
    ) as Partial<PastedAddress>
    setForm({ ...form, ...found })
    setErrors({})
  }
  const importAddress = async () => {
    const picked = await chooseAddress?.()
    if (picked) fill(picked)
  }
  return (
    <View className="zg-form">
      {!address && chooseAddress && (
        <Button kind="trust" isBlock isBusy={isBusy} testId="address-import" onTap={() => act(importAddress)}>
          导入微信收货地址
        </Button>
      )}
      {!address && <PasteBox onParsed={fill} />}
      <View className="zg-form-pair">
        <Input label="收货人" placeholder="姓名" maxLength={30} autoComplete="name" {...field('name')} />
        <Input
          label="手机号"
          placeholder="11 位手机号"
          kind="tel"
          maxLength={11}
          autoComplete="tel-national"
          {...field('phone')}
        />
      </View>
      <View className="zg-form-pair">
        <Select
          label="省份"
          placeholder="请选择"
          choices={PROVINCES}
          value={form.province}
          error={errors.province}
          testId="address-province"
          onChange={(province) => choosePlace({ province, city: '', district: '', street: '' })}
        />
        <DivisionField
          {...place('city', '城市', '请选择')}
          above={form.province === '' ? undefined : { province: form.province }}
          onOnly={(city) => setForm((all) => ({ ...all, city }))}
          maxLength={40}
        />
      </View>
      <View className="zg-form-pair">
        <DivisionField
          {...place('district', '区 / 县', '请选择')}
          above={form.city === '' ? undefined : { province: form.province, city: form.city }}
          maxLength={40}
        />
        <DivisionField
          {...place('street', '街道 / 镇（选填）', '请选择')}
          above={
            form.district === '' ? undefined : { province: form.province, city: form.city, district: form.district }
          }
          maxLength={60}
        />
      </View>
      <Input
        label="详细地址"
        placeholder="路、门牌号、小区、楼栋"
        maxLength={120}
        autoComplete="street-address"
        {...field('detail')}
      />
      <Check isChecked={isDefault} onChange={setDefault} label="设为默认地址">
        <Text>设为默认地址</Text>
      </Check>
      <Button isBlock size="large" isBusy={isBusy} onTap={save} testId="address-save">
        保存地址
      </Button>
    </View>
  )
}

/** Takes an address out of a chat message apart, as soon as it is pasted. */
function PasteBox({ onParsed }: { onParsed: (parsed: PastedAddress) => void }): JSX.Element {
  const { api } = useApp()
  const [text, setText] = useState('')
  const [isDone, setDone] = useState(false)
  /** The server knows every place; without an answer the phone's own reading has to do. */
  const read = (value: string) => {
    api('store.readAddress', { body: { text: value.slice(0, 300) } }).then(onParsed, () =>
      onParsed(parsePastedAddress(value)),
    )
  }
  const onInput = (value: string) => {
    setText(value)
    // more than a keystroke at once: pasted
    const isPasted = value.length - text.length > 6
    setDone(isPasted)
    if (isPasted) read(value)
  }
  return (
    <View className="zg-paste">
      <TextArea
        label="粘贴整段地址，自动识别"
        placeholder="如：张三 13800138000 浙江省杭州市西湖区文三路 100 号"
        value={text}
        onInput={onInput}
        rows={2}
        maxLength={300}
        testId="address-paste"
      />
      {text !== '' && (
        <Button
          kind="trust"
          size="small"
          testId="address-parse"
          onTap={() => {
            read(text)
            setDone(true)
          }}
        >
          {isDone ? '已识别，请核对' : '识别'}
        </Button>
      )}
    </View>
  )
}
