-- A day of WeChat's bills as it stands for a shop: whether they are here, what they say in all, what we say.
create table reconciliation_days (
  shop_id uuid not null,
  day date not null,
  -- waiting: WeChat has no bill yet. failed: it could not be had. done: compared.
  state text not null check (state in ('waiting', 'failed', 'done')),
  tries int not null default 0,
  check_at timestamptz,
  last_error text check (length(last_error) <= 300),
  -- What the channel says, and what stands here: counts and sums of payments, refunds, splits and fees.
  there jsonb,
  here jsonb,
  run_id uuid,
  ran_at timestamptz,
  primary key (shop_id, day)
);
create index reconciliation_days_due on reconciliation_days (check_at) where check_at is not null;
call app.protect('reconciliation_days', 'shop_id');

-- A line of a bill: the voucher of what moved at WeChat. Lines that belong to no shop we know stand under the platform.
create table bill_lines (
  shop_id uuid not null,
  day date not null,
  bill text not null check (bill in ('trade', 'flow', 'split')),
  line_key text not null check (length(line_key) <= 200),
  kind text not null check (kind in ('payment', 'refund', 'split', 'return', 'flow')),
  -- The merchant's number, and WeChat's.
  number text not null,
  channel_id text not null,
  happened_at timestamptz not null,
  state text not null,
  -- Flows out are below zero.
  amount_fen bigint not null,
  fee_fen bigint not null,
  title text not null,
  primary key (shop_id, day, bill, line_key)
);
create index bill_lines_number on bill_lines (shop_id, number);
create index bill_lines_channel on bill_lines (shop_id, channel_id);
call app.protect('bill_lines', 'shop_id');

-- Something that does not agree. What it is about names it, so that a day looked at again finds it again.
create table reconciliation_differences (
  shop_id uuid not null,
  id uuid not null,
  day date not null,
  pair text not null check (pair in ('payment', 'refund', 'split', 'flow', 'ledger-payment', 'ledger-refund', 'ledger-split',
    'order', 'order-refund', 'voucher', 'fee', 'transfer')),
  subject text not null check (length(subject) <= 200),
  class text not null check (class in ('missing-here', 'missing-there', 'amount', 'state', 'time-shift')),
  state text not null check (state in ('open', 'closed')),
  number text not null,
  order_id uuid,
  happened_at timestamptz,
  there_fen bigint,
  here_fen bigint,
  there_state text,
  here_state text,
  owner_id uuid,
  owner_name text,
  -- resolved: it is gone by itself. accepted, adjusted: by a person, with a reason.
  closed_how text check (closed_how in ('resolved', 'accepted', 'adjusted')),
  closed_at timestamptz,
  closed_by text,
  close_reason text check (length(close_reason) <= 300),
  transfer_id uuid,
  found_at timestamptz not null,
  seen_at timestamptz not null,
  run_id uuid not null,
  version int not null default 1,
  primary key (shop_id, id),
  unique (shop_id, pair, subject),
  check ((state = 'closed') = (closed_how is not null and closed_at is not null)),
  check ((closed_how = 'adjusted') = (transfer_id is not null))
);
create index reconciliation_differences_list on reconciliation_differences (shop_id, day desc, id desc);
create index reconciliation_differences_open on reconciliation_differences (shop_id, day) where state = 'open';
call app.protect('reconciliation_differences', 'shop_id');
-- What is about no order is the shop's as a whole.
call app.narrow('reconciliation_differences', 'order_id is null or exists (select from orders seen where seen.shop_id = reconciliation_differences.shop_id and seen.id = order_id)');

-- Bills say our numbers, not our shops.
create index payments_trade_no on payments (out_trade_no);
create index withdrawals_number on withdrawals (number);
create index order_money_settled on order_money (shop_id, settled_at) where settled_at is not null;
create index split_receivers_finished on split_receivers (shop_id, finished_at) where state = 'success';
create index split_returns_finished on split_returns (shop_id, finished_at) where state = 'succeeded';
