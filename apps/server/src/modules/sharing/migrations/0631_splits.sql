-- Requests to WeChat about one order: to divide among receivers, or to unfreeze the rest. Intent (created) → accepted
-- (processing) → finished, where each receiver has ended for itself; or refused, with nothing moved.
create table splits (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  order_no text not null,
  number smallint not null check (number between 1 and 50),
  kind text not null check (kind in ('split', 'unfreeze')),
  state text not null check (state in ('created', 'processing', 'finished', 'refused')),
  out_order_no text not null,
  transaction_id text not null,
  appid text not null,
  amount_fen bigint not null check (amount_fen >= 0),
  check_at timestamptz,
  attempts int not null default 0,
  last_error text check (length(last_error) <= 300),
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (shop_id, id),
  unique (shop_id, out_order_no),
  unique (shop_id, order_id, number),
  foreign key (shop_id, order_id) references order_money (shop_id, order_id)
);
create index splits_check on splits (check_at) where state in ('created', 'processing');
create index splits_list on splits (shop_id, created_at desc, id desc);
call app.protect('splits', 'shop_id');
call app.narrow_by_order('splits');

create table split_receivers (
  shop_id uuid not null,
  split_id uuid not null,
  party_id uuid not null,
  order_id uuid not null,
  account_kind text not null check (account_kind in ('openid', 'mchid')),
  -- The account as it was when the split was intended, sealed; a number is asked for with the same content only.
  account_sealed text not null,
  account_masked text not null,
  amount_fen bigint not null check (amount_fen > 0),
  returned_fen bigint not null default 0 check (returned_fen between 0 and amount_fen),
  state text not null check (state in ('pending', 'success', 'failed')),
  fail_reason text check (length(fail_reason) <= 300),
  detail_id text,
  finished_at timestamptz,
  primary key (shop_id, split_id, party_id),
  foreign key (shop_id, split_id) references splits (shop_id, id)
);
create index split_receivers_order on split_receivers (shop_id, order_id, party_id);
call app.protect('split_receivers', 'shop_id');
call app.narrow_by_order('split_receivers');

-- What merchants who received give back after a refund. Intent (created) → processing → succeeded or failed.
create table split_returns (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  split_id uuid not null,
  party_id uuid not null,
  out_order_no text not null,
  out_return_no text not null,
  state text not null check (state in ('created', 'processing', 'succeeded', 'failed')),
  amount_fen bigint not null check (amount_fen > 0),
  check_at timestamptz,
  attempts int not null default 0,
  last_error text check (length(last_error) <= 300),
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (shop_id, id),
  unique (shop_id, out_return_no),
  foreign key (shop_id, split_id, party_id) references split_receivers (shop_id, split_id, party_id)
);
create index split_returns_check on split_returns (check_at) where state in ('created', 'processing');
create index split_returns_order on split_returns (shop_id, order_id);
call app.protect('split_returns', 'shop_id');
call app.narrow_by_order('split_returns');
