-- What of an order's money is whose. One row an order that shares something or was settled.
create table order_money (
  shop_id uuid not null,
  order_id uuid not null,
  order_no text not null,
  -- frozen: shares are known, receipt is not. settled: divided, in its holding period. due: paid out as WeChat lets.
  -- closed: nothing is left to do.
  state text not null check (state in ('frozen', 'settled', 'due', 'closed')),
  placed_at timestamptz not null,
  -- When the shares were computed, of the contracts in force at placed_at.
  frozen_at timestamptz not null,
  -- Of the payment the order took; null until it is settled, transaction_id where WeChat had no part in it.
  paid_fen bigint,
  paid_at timestamptz,
  transaction_id text,
  appid text,
  -- Whether WeChat keeps the money for splitting until it is unfrozen.
  profit_sharing boolean not null default false,
  fee_bp int,
  -- Fee of the whole payment.
  fee_fen bigint,
  -- What has been divided and not been brought back, the fee's and the merchant's part of it.
  settled_fen bigint not null default 0 check (settled_fen >= 0),
  fee_now_fen bigint not null default 0 check (fee_now_fen >= 0),
  merchant_now_fen bigint not null default 0 check (merchant_now_fen >= 0),
  -- What refunds took of what the merchant already had, or did not have: goes back there if a refund fails.
  from_available_fen bigint not null default 0 check (from_available_fen >= 0),
  from_negative_fen bigint not null default 0 check (from_negative_fen >= 0),
  -- Counts what was divided or brought back; names the transfers.
  version int not null default 0,
  settled_at timestamptz,
  hold_until timestamptz,
  -- When the sweeper looks next.
  check_at timestamptz,
  -- Shares that could not be split by then are paid on withdrawal, and the rest is unfrozen.
  give_up_at timestamptz,
  last_error text check (length(last_error) <= 300),
  primary key (shop_id, order_id)
);
create index order_money_check on order_money (check_at) where check_at is not null;
create index order_money_list on order_money (shop_id, frozen_at desc, order_id desc);
call app.protect('order_money', 'shop_id');
call app.narrow_by_order('order_money');

-- A share of one order line, frozen, with everything that explains it.
create table order_shares (
  shop_id uuid not null,
  order_id uuid not null,
  number smallint not null,
  line smallint not null,
  title text not null,
  party_id uuid not null,
  party_kind text not null,
  contract_id uuid not null,
  contract_version int not null,
  contract_name text not null,
  quantity int not null,
  -- What it is computed from: paid for the line's units, or another party's share of them.
  base_fen bigint not null check (base_fen >= 0),
  rate_kind text not null check (rate_kind in ('bp', 'per-unit')),
  rate int not null check (rate > 0),
  -- Whose share it is a part of.
  of_party_id uuid,
  service_level text not null,
  pay_by text not null check (pay_by in ('split', 'withdrawal')),
  hold_days int,
  -- What the limit took, and what went on to others; share_fen is what is left.
  cut_fen bigint not null check (cut_fen >= 0),
  passed_fen bigint not null check (passed_fen >= 0),
  share_fen bigint not null check (share_fen >= 0),
  primary key (shop_id, order_id, number),
  foreign key (shop_id, order_id) references order_money (shop_id, order_id)
);
call app.protect('order_shares', 'shop_id');
call app.narrow_by_order('order_shares');

-- What one party has of one order, and where it is:
-- now = pending + due + flying + split + repaid - owed - recovered.
create table order_party_shares (
  shop_id uuid not null,
  order_id uuid not null,
  party_id uuid not null,
  pay_by text not null check (pay_by in ('split', 'withdrawal')),
  -- As frozen; what is left of it after refunds.
  share_fen bigint not null check (share_fen >= 0),
  now_fen bigint not null default 0 check (now_fen >= 0 and now_fen <= share_fen),
  pending_fen bigint not null default 0 check (pending_fen >= 0),
  due_fen bigint not null default 0 check (due_fen >= 0),
  -- On its way by WeChat; there.
  flying_fen bigint not null default 0 check (flying_fen >= 0),
  split_fen bigint not null default 0 check (split_fen >= 0),
  -- Kept back for older debts; debts of this order; debts of it that later earnings repaid.
  repaid_fen bigint not null default 0 check (repaid_fen >= 0),
  owed_fen bigint not null default 0 check (owed_fen >= 0),
  recovered_fen bigint not null default 0 check (recovered_fen >= 0),
  -- Of owed_fen, what WeChat has been asked to bring back.
  returning_fen bigint not null default 0 check (returning_fen >= 0 and returning_fen <= owed_fen),
  tries int not null default 0,
  retry_at timestamptz,
  -- Why it was last not paid as agreed.
  note text not null default '' check (length(note) <= 300),
  primary key (shop_id, order_id, party_id),
  foreign key (shop_id, order_id) references order_money (shop_id, order_id),
  foreign key (shop_id, party_id) references parties (shop_id, id),
  check (now_fen = pending_fen + due_fen + flying_fen + split_fen + repaid_fen - owed_fen - recovered_fen)
);
create index order_party_shares_party on order_party_shares (shop_id, party_id, order_id desc);
create index order_party_shares_owed on order_party_shares (shop_id, party_id) where owed_fen > 0;
call app.protect('order_party_shares', 'shop_id');
call app.narrow_by_order('order_party_shares');

-- Shares of a party that must not be paid out, why, and by whom.
create table share_freezes (
  shop_id uuid not null,
  id uuid not null,
  party_id uuid not null,
  reason text not null check (length(reason) between 1 and 200),
  frozen_at timestamptz not null,
  frozen_by text not null check (length(frozen_by) <= 200),
  released_at timestamptz,
  released_by text check (length(released_by) <= 200),
  release_reason text check (length(release_reason) <= 200),
  primary key (shop_id, id),
  foreign key (shop_id, party_id) references parties (shop_id, id)
);
create unique index share_freezes_open on share_freezes (shop_id, party_id) where released_at is null;
call app.protect('share_freezes', 'shop_id');
