import { ContractInput, type RelatedProduct } from '@zhanggui/contract'
import { Alert, Card, Form, InputNumber } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { errorText, useRead } from '../../kit/api.ts'
import { Money, MoneyInput } from '../../kit/money.tsx'
import { ProductPicker } from '../products/product-picker.tsx'
import { type ContractValues, contractInput } from './contract-dialog.tsx'

const EXAMPLE_FEN = 8600

/** "An order of ¥86 of this product would share …", with the contract as it stands in the form. */
export function SharePreviewCard({ contractId }: { contractId: string | undefined }) {
  const { shopId } = useShop()
  const values = Form.useWatch([]) as ContractValues | undefined
  const [product, setProduct] = useState<RelatedProduct>()
  const [quantity, setQuantity] = useState(2)
  const [payTotalFen, setPaid] = useState<number | null>(EXAMPLE_FEN)
  const contract = ContractInput.safeParse(values && contractInput(values))
  const isReady = product !== undefined && payTotalFen !== null && Number.isInteger(payTotalFen) && contract.success
  const read = useRead(
    'console.previewShares',
    {
      params: { shopId },
      body: {
        ...{ productId: product?.id ?? '', quantity, payTotalFen: payTotalFen ?? 0 },
        accountId: values?.accountIds?.[0] ?? null,
        ...(contract.success ? { contract: contract.data } : {}),
        ...(contractId === undefined ? {} : { contractId }),
      },
    },
    { enabled: isReady, keepPrevious: true },
  )
  return (
    <Card size="small" title={t('share.preview')}>
      <div className="share-row">
        <MoneyInput value={payTotalFen} onChange={setPaid} aria-label={t('share.previewPaid')} />
        <InputNumber
          min={1}
          max={9999}
          precision={0}
          value={quantity}
          onChange={(next) => setQuantity(next ?? 1)}
          suffix={t('share.units')}
          aria-label={t('share.units')}
        />
        <ProductPicker taken={[]} onPick={setProduct} />
      </div>
      {product === undefined ? (
        <p className="soft small">{t('share.previewPick')}</p>
      ) : (
        <p className="soft small">{t('share.previewOf', { title: product.title })}</p>
      )}
      {!contract.success && product !== undefined && <p className="soft small">{t('share.previewIncomplete')}</p>}
      {isReady && read.error && <Alert type="warning" showIcon title={errorText(read.error)} />}
      {isReady && read.data && (
        <ul className="share-words">
          {read.data.shares.map((share) => (
            <li key={`${share.partyId} ${share.contractId}`}>
              <span className="strong">{share.partyName}</span> <Money fen={share.shareFen} strong />
              <div className="soft small">{say({ zh: share.explained, en: share.explainedEn })}</div>
            </li>
          ))}
          <li>
            {t('share.fee')} <Money fen={read.data.feeFen} /> · {t('share.merchant')}{' '}
            <Money fen={read.data.merchantFen} strong />
          </li>
        </ul>
      )}
    </Card>
  )
}
