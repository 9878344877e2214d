import type { JSX } from '@hooks'
import { Empty, Link, NavBar, Screen, Text, View } from '@kit'
import { figuresOf } from '@model/earnings.ts'
import { useOnPullDown } from '@platform'
import type { Earnings, Payout } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { definePage, type ViewProps } from '../../page.ts'
import { SumRow } from '../../parts/order-line.tsx'
import { PayoutCard } from '../../parts/payout-card.tsx'

interface Earner {
  shopId: string
  shopName: string
  partyId: string
  partyName: string
  earnings: Earnings
}

interface EarningsData {
  earners: Earner[]
  payouts: Payout[]
}

/** Money that a person has with shops, as a party of theirs or as the one who takes a shop's withdrawals. (PAY-02, PAY-05) */
function EarningsView({ data: { earners, payouts }, reload }: ViewProps<'earnings', EarningsData>): JSX.Element {
  useOnPullDown(reload)
  return (
    <View>
      <NavBar title="收益与提现" back="me" />
      <Screen className="zg-screen-narrow">
        {earners.length === 0 && payouts.length === 0 && (
          <Empty
            icon="spark"
            title="还没有收益"
            text="成为店铺的达人、供应商等合作方后，每一笔分成都在这里；请商家在后台登记你的手机号或微信"
          >
            <Link className="zg-button zg-button-soft" to="home" params={{}} isTab>
              去逛逛
            </Link>
          </Empty>
        )}
        {earners.map((earner) => (
          <EarnerCard key={earner.partyId} earner={earner} />
        ))}
        {payouts.length > 0 && (
          <View role="list" label="提现记录">
            <Text as="h2" className="zg-panel-title">
              提现记录
            </Text>
            {payouts.map((payout) => (
              <PayoutCard key={`${payout.id} ${payout.state}`} payout={payout} />
            ))}
          </View>
        )}
      </Screen>
    </View>
  )
}

function EarnerCard({ earner: { shopId, shopName, partyId, partyName, earnings } }: { earner: Earner }): JSX.Element {
  const [free, ...others] = figuresOf(earnings)
  const to = { shopId, party: partyId }
  return (
    <View className="zg-panel" role="region" label={`${shopName} 的收益`} testId="earner">
      <Text className="zg-small zg-muted">
        {shopName} · {partyName}
      </Text>
      <Text as="p">可提现</Text>
      <Text className="zg-earn-main" testId="withdrawable">
        {formatMoney(free!.fen)}
      </Text>
      {others.map(({ name, fen, note }) => (
        <SumRow key={name} name={name} note={note}>
          {formatMoney(fen)}
        </SumRow>
      ))}
      <View className="zg-earn-actions">
        <Link className="zg-button zg-button-plain zg-grow" to="earning-shares" params={to} testId="shares">
          收益明细
        </Link>
        {free!.fen > 0 && (
          <Link className="zg-button zg-button-primary zg-grow" to="withdraw" params={to} testId="withdraw">
            提现
          </Link>
        )}
      </View>
    </View>
  )
}

export default definePage<'earnings', EarningsData>({
  name: 'earnings',
  access: 'buyer',
  load: async ({ api }) => {
    const [earners, payouts] = await Promise.all([api('buyer.earnings'), api('buyer.payouts')])
    return { earners: earners.items, payouts: payouts.items }
  },
  head: () => ({ title: '收益与提现' }),
  View: EarningsView,
})
