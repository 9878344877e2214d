-- How far the books of a shop are closed; there from the first settled order on.
create table statement_periods (
  shop_id uuid primary key,
  closed_to timestamptz not null
);
create index statement_periods_due on statement_periods (closed_to);
call app.protect('statement_periods', 'shop_id');

-- A closed period of the merchant's money. Balances by account; opening plus the lines is closing, and closing is what
-- the ledger says.
create table statements (
  shop_id uuid not null,
  id uuid not null,
  number text not null,
  period_from timestamptz not null,
  period_to timestamptz not null,
  first_day date not null,
  last_day date not null,
  opening jsonb not null,
  closing jsonb not null,
  orders int not null,
  gross_fen bigint not null,
  fee_fen bigint not null,
  shares_fen bigint not null,
  refunds_fen bigint not null,
  other_fen bigint not null,
  net_fen bigint not null,
  lines int not null,
  created_at timestamptz not null,
  primary key (shop_id, id),
  unique (shop_id, period_from),
  check (period_from < period_to),
  check (gross_fen - fee_fen - shares_fen - refunds_fen + other_fen = net_fen)
);
call app.protect('statements', 'shop_id');

-- What happened about one thing in the period, with the transfers it is made of.
create table statement_lines (
  shop_id uuid not null,
  statement_id uuid not null,
  line int not null,
  kind text not null check (kind in ('order', 'withdrawal', 'freeze', 'deposit', 'adjustment')),
  order_id uuid,
  reference_type text not null,
  reference_id text not null,
  label text not null,
  happened_at timestamptz not null,
  gross_fen bigint not null,
  fee_fen bigint not null,
  shares_fen bigint not null,
  refunds_fen bigint not null,
  other_fen bigint not null,
  net_fen bigint not null,
  changes jsonb not null,
  transfer_ids uuid[] not null,
  primary key (shop_id, statement_id, line),
  foreign key (shop_id, statement_id) references statements (shop_id, id),
  check (gross_fen - fee_fen - shares_fen - refunds_fen + other_fen = net_fen)
);
create index statement_lines_reference on statement_lines (shop_id, reference_type, reference_id);
call app.protect('statement_lines', 'shop_id');
-- What is about no order is the shop's as a whole.
call app.narrow('statement_lines', 'order_id is null or exists (select from orders seen where seen.shop_id = statement_lines.shop_id and seen.id = order_id)');
