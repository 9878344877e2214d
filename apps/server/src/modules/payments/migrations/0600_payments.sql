-- One attempt to pay an order with WeChat Pay. Intent (created) → prepay answered (pending) → paid or closed.
create table payments (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  order_no text not null,
  buyer_id uuid not null,
  attempt int not null check (attempt between 1 and 99),
  method text not null check (method in ('mini', 'jsapi', 'h5', 'native')),
  state text not null check (state in ('created', 'pending', 'paid', 'closed', 'failed')),
  amount_fen bigint not null check (amount_fen > 0),
  out_trade_no text not null,
  appid text not null,
  expires_at timestamptz not null,
  -- What the client needs to go on paying: prepay id, H5 address or code.
  prepay_id text,
  h5_url text,
  code_url text,
  transaction_id text,
  payer_openid text,
  paid_at timestamptz,
  -- Whether the order took the money; what it could not take goes back by itself and is no turnover.
  taken boolean,
  -- When WeChat was last asked to open it: one that WeChat does not know long after is closed.
  prepay_at timestamptz not null,
  -- When a waiting buyer last made us ask WeChat, which happens every few seconds at most.
  last_asked_at timestamptz,
  -- When the sweeper asks WeChat next, while the outcome is open; failures in a row make the pauses longer.
  check_at timestamptz,
  failures int not null default 0,
  last_error text,
  created_at timestamptz not null,
  primary key (shop_id, id),
  unique (shop_id, order_id, attempt),
  unique (shop_id, out_trade_no),
  check (state <> 'paid' or (taken is not null and paid_at is not null and transaction_id is not null))
);
create index payments_check on payments (check_at) where state in ('created', 'pending');
create unique index payments_transaction on payments (shop_id, transaction_id) where transaction_id is not null;
call app.protect('payments', 'shop_buyer');

-- Money going back. Intent (created) → accepted by WeChat (processing) → succeeded, or closed by WeChat (failed). What
-- WeChat calls abnormal stays processing with its reason in last_error, for it may still succeed.
create table refunds (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  payment_id uuid not null,
  buyer_id uuid not null,
  state text not null check (state in ('created', 'processing', 'succeeded', 'failed')),
  amount_fen bigint not null check (amount_fen > 0),
  reason text not null,
  requested_by text not null check (requested_by in ('buyer', 'merchant', 'system')),
  -- Whether this refund is the order's own; a payment that came late or twice goes back without touching the order.
  settles_order boolean not null,
  out_refund_no text not null,
  refund_id text,
  attempts int not null default 0,
  check_at timestamptz,
  last_error text,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (shop_id, id),
  unique (shop_id, out_refund_no),
  foreign key (shop_id, payment_id) references payments (shop_id, id)
);
create index refunds_payment on refunds (shop_id, payment_id);
create index refunds_order on refunds (shop_id, order_id);
create index refunds_check on refunds (check_at) where state in ('created', 'processing');
call app.protect('refunds', 'shop_buyer');

-- What WeChat must be told about each parcel before it releases the money.
create table shipment_reports (
  shop_id uuid not null,
  shipment_id uuid not null,
  order_id uuid not null,
  state text not null check (state in ('pending', 'accepted', 'failed')),
  payload jsonb not null,
  -- The time WeChat was told: each parcel of an order must be later than the one before.
  reported_at timestamptz,
  attempts int not null default 0,
  check_at timestamptz,
  last_error text,
  created_at timestamptz not null,
  primary key (shop_id, shipment_id)
);
create index shipment_reports_check on shipment_reports (check_at) where state = 'pending';
create index shipment_reports_order on shipment_reports (shop_id, order_id);
call app.protect('shipment_reports', 'shop_id');

create index payments_paid_at on payments (shop_id, paid_at) where state = 'paid' and taken;
create index refunds_finished_at on refunds (shop_id, finished_at) where state = 'succeeded' and settles_order;
-- For moving what belongs to one buyer to another.
create index payments_buyer on payments (buyer_id);
create index refunds_buyer on refunds (buyer_id);
