import { type Contract, type ContractTerms, PAY_WAYS, type RelatedProduct, ROUTES } from '@zhanggui/contract'
import { Form, Input, InputNumber, Radio, Select } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantInput } from '../../kit/instant-input.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { ProductPicker } from '../products/product-picker.tsx'
import { CONTRACT_STALE } from './contracts.tsx'
import { SharePreviewCard } from './share-preview.tsx'

/** What the fields hold. */
export interface ContractValues {
  partyId: string | undefined
  name: string
  goodsKind: ContractTerms['goods']['kind']
  goodsIds: string[]
  accountIds: string[]
  base: ContractTerms['base']
  ofPartyIds: string[]
  rateKind: ContractTerms['rate']['kind']
  percent: number | null
  fen: number | null
  serviceLevel: string
  payBy: ContractTerms['payBy']
  holdDays: number | null
  priority: number
  validFrom: string | null
  validUntil: string | null
}

const MAX_OFFERED = 100

function valuesOf(contract: Contract | undefined): ContractValues {
  const goods = contract?.goods ?? { kind: 'all' as const }
  const rate = contract?.rate ?? { kind: 'bp' as const, bp: 1000 }
  return {
    ...{ partyId: contract?.partyId, name: contract?.name ?? '', goodsKind: goods.kind },
    goodsIds: goods.kind === 'all' ? [] : goods.ids,
    ...{
      accountIds: contract?.accountIds ?? [],
      base: contract?.base ?? 'goods',
      ofPartyIds: contract?.ofPartyIds ?? [],
    },
    ...{
      rateKind: rate.kind,
      percent: rate.kind === 'bp' ? rate.bp / 100 : null,
      fen: rate.kind === 'bp' ? null : rate.fen,
    },
    ...{
      serviceLevel: contract?.serviceLevel ?? '',
      payBy: contract?.payBy ?? 'split',
      holdDays: contract?.holdDays ?? null,
    },
    ...{ priority: contract?.priority ?? 100, validFrom: contract?.validFrom ?? new Date().toISOString() },
    validUntil: contract?.validUntil ?? null,
  }
}

/** What the routes take. */
export function contractInput(values: ContractValues) {
  const { goodsKind, goodsIds, rateKind, percent, fen, ...rest } = values
  return {
    ...rest,
    goods: goodsKind === 'all' ? { kind: goodsKind } : { kind: goodsKind, ids: goodsIds },
    rate:
      rateKind === 'bp' ? { kind: rateKind, bp: Math.round((percent ?? 0) * 100) } : { kind: rateKind, fen: fen ?? 0 },
  }
}

/** Draws a contract up, or changes one, with what an order would share. */
export function ContractDialog({ contract, onClose }: { contract: Contract | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const create = useWrite('console.createContract', CONTRACT_STALE)
  const update = useWrite('console.updateContract', CONTRACT_STALE)
  return (
    <FormDialog
      width={720}
      title={contract ? t('contract.edit', { name: contract.name }) : t('contract.add')}
      schema={ROUTES['console.createContract'].body}
      initial={valuesOf(contract)}
      toInput={contractInput}
      submit={({ partyId, ...terms }) =>
        contract
          ? update.mutateAsync({
              params: { shopId, contractId: contract.id },
              body: { ...terms, version: contract.version },
            })
          : create.mutateAsync({ params: { shopId }, body: { partyId, ...terms } })
      }
      onDone={() => done(contract ? t('action.saved') : t('contract.drawnUp'))}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('contract.name')}>
        <Input maxLength={40} />
      </Form.Item>
      <PartyField disabled={contract !== undefined} />
      <RateFields />
      <GoodsFields />
      <Form.Item name="payBy" label={t('contract.payBy')} extra={t('contract.payByHint')}>
        <Radio.Group options={PAY_WAYS.map((value) => ({ value, label: t(`contract.payBy.${value}`) }))} />
      </Form.Item>
      <div className="share-row">
        <Form.Item name="holdDays" label={t('contract.holdDays')}>
          <InputNumber min={0} max={60} precision={0} placeholder={t('contract.asSettings')} />
        </Form.Item>
        <Form.Item name="priority" label={t('contract.priority')} tooltip={t('contract.priorityHint')}>
          <InputNumber min={0} max={999} precision={0} />
        </Form.Item>
        <Form.Item name="validFrom" label={t('contract.validFrom')}>
          <InstantInput />
        </Form.Item>
        <Form.Item name="validUntil" label={t('contract.validUntil')}>
          <InstantInput />
        </Form.Item>
      </div>
      <SharePreviewCard contractId={contract?.id} />
    </FormDialog>
  )
}

function PartyField({ disabled }: { disabled: boolean }) {
  const { shopId } = useShop()
  const read = useRead('console.parties', { params: { shopId }, query: { limit: MAX_OFFERED } })
  const options = (read.data?.items ?? []).map(({ id, name, kind }) => ({
    value: id,
    label: `${name}（${t(`party.kind.${kind}`)}）`,
  }))
  const creators = (read.data?.items ?? []).filter(({ kind }) => kind === 'creator')
  const base = Form.useWatch('base') as ContractValues['base'] | undefined
  return (
    <>
      <Form.Item name="partyId" label={t('party.party')}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          disabled={disabled}
          loading={read.isFetching}
          options={options}
        />
      </Form.Item>
      <Form.Item name="base" label={t('contract.base')}>
        <Radio.Group
          options={[
            { value: 'goods', label: t('contract.base.goods') },
            { value: 'share', label: t('contract.base.share') },
          ]}
        />
      </Form.Item>
      <Form.Item name="ofPartyIds" label={t('contract.ofParties')} hidden={base !== 'share'}>
        <Select
          mode="multiple"
          placeholder={t('contract.allCreators')}
          options={creators.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
    </>
  )
}

function RateFields() {
  const kind = Form.useWatch('rateKind') as ContractValues['rateKind'] | undefined
  return (
    <div className="share-row">
      <Form.Item name="rateKind" label={t('contract.rate')}>
        <Radio.Group
          options={[
            { value: 'bp', label: t('contract.rate.bp') },
            { value: 'per-unit', label: t('contract.rate.per-unit') },
          ]}
        />
      </Form.Item>
      <Form.Item name="percent" label={t('contract.percent')} hidden={kind !== 'bp'}>
        <InputNumber min={0.01} max={100} precision={2} suffix="%" />
      </Form.Item>
      <Form.Item name="fen" label={t('contract.perUnit')} hidden={kind !== 'per-unit'}>
        <MoneyInput />
      </Form.Item>
      <Form.Item name="serviceLevel" label={t('contract.serviceLevel')}>
        <Input maxLength={20} placeholder={t('contract.serviceLevelHint')} />
      </Form.Item>
    </div>
  )
}

function GoodsFields() {
  const { shopId } = useShop()
  const kind = Form.useWatch('goodsKind') as ContractValues['goodsKind'] | undefined
  const categories = useRead('console.categories', { params: { shopId } })
  const accounts = useRead('console.channelAccounts', { params: { shopId } })
  return (
    <>
      <Form.Item name="goodsKind" label={t('contract.goods')}>
        <Radio.Group
          options={(['all', 'categories', 'products'] as const).map((value) => ({
            ...{ value, label: t(`contract.goods.${value}`) },
          }))}
        />
      </Form.Item>
      {kind === 'categories' && (
        <Form.Item name="goodsIds" label={t('contract.goods.categories')}>
          <Select
            mode="multiple"
            options={(categories.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
      )}
      {kind === 'products' && (
        <Form.Item name="goodsIds" label={t('contract.goods.products')}>
          <ProductsField />
        </Form.Item>
      )}
      <Form.Item name="accountIds" label={t('contract.accounts')}>
        <Select
          mode="multiple"
          placeholder={t('contract.anyAccount')}
          options={(accounts.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
    </>
  )
}

/** Products by their ids; those picked here are shown by name. */
function ProductsField({ value = [], onChange }: { value?: string[]; onChange?: (ids: string[]) => void }) {
  const [picked, setPicked] = useState<RelatedProduct[]>([])
  const nameOf = (id: string) => picked.find((each) => each.id === id)?.title ?? id.slice(-8)
  return (
    <div className="stack-s">
      <Select
        mode="multiple"
        open={false}
        value={value}
        onChange={(ids: string[]) => onChange?.(ids)}
        options={value.map((id) => ({ value: id, label: nameOf(id) }))}
      />
      <ProductPicker
        taken={value}
        onPick={(product) => {
          setPicked([...picked, product])
          onChange?.([...value, product.id])
        }}
      />
    </div>
  )
}
