-- After-sale: what buyers want back of an order, and what became of it.
create table aftersale_cases (
  shop_id uuid not null,
  id uuid not null,
  case_no text not null check (length(case_no) <= 40),
  order_id uuid not null,
  order_no text not null check (length(order_no) <= 32),
  buyer_id uuid not null,
  -- Counts the steps; each has its row in aftersale_timeline.
  version integer not null check (version > 0),
  type text not null check (type in ('refund', 'return', 'exchange')),
  state text not null check (state in ('requested', 'returning', 'inspecting', 'resending', 'resent', 'refunding',
    'rejected', 'disputed', 'done', 'closed')),
  -- Whether the units had left when it was asked for.
  stage text not null check (stage in ('unshipped', 'shipped')),
  opened_by text not null check (opened_by in ('buyer', 'merchant')),
  -- The reason as it was then: a shop may change its reasons, a case keeps whose fault it was.
  reason_code text not null check (length(reason_code) <= 40),
  reason text not null check (length(reason) <= 100),
  fault text not null check (fault in ('merchant', 'buyer', 'carrier')),
  quality boolean not null,
  note text not null check (length(note) <= 300),
  evidence uuid[] not null,
  amount_fen bigint not null check (amount_fen >= 0),
  -- How much of it is freight that the buyer paid.
  freight_fen bigint not null check (freight_fen between 0 and amount_fen),
  freight_by text not null check (freight_by in ('merchant', 'buyer', 'nobody')),
  refunded_fen bigint not null default 0 check (refunded_fen between 0 and amount_fen),
  -- The refund ends the whole order.
  whole boolean not null default false,
  return_address jsonb,
  return_parcel jsonb,
  resend_parcel jsonb,
  reject_reason text not null default '' check (length(reject_reason) <= 200),
  opened_at timestamptz not null,
  due_at timestamptz,
  remind_at timestamptz,
  ruled_at timestamptz,
  ended_at timestamptz,
  -- What was left until receipt would have been confirmed by itself; that waits while a case is open.
  receipt_left_ms bigint,
  primary key (shop_id, id),
  constraint aftersale_cases_no unique (shop_id, case_no)
);
create index aftersale_cases_order on aftersale_cases (shop_id, order_id);
create index aftersale_cases_buyer on aftersale_cases (shop_id, buyer_id, opened_at desc, id desc);
create index aftersale_cases_queue on aftersale_cases
  (shop_id, (ended_at is not null), (coalesce(due_at, 'infinity'::timestamptz)), id);
create index aftersale_cases_due on aftersale_cases (due_at) where ended_at is null and due_at is not null;
create index aftersale_cases_remind on aftersale_cases (remind_at) where remind_at is not null;
create index aftersale_cases_disputed on aftersale_cases (due_at, id) where state = 'disputed';
create index aftersale_cases_ruled on aftersale_cases (ruled_at desc, id desc) where ruled_at is not null;
call app.protect('aftersale_cases', 'shop_buyer');

create table aftersale_lines (
  shop_id uuid not null,
  case_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  line smallint not null,
  sku_id uuid not null,
  product_id uuid not null,
  title text not null,
  options text not null,
  picture_file_id uuid,
  quantity integer not null check (quantity > 0),
  amount_fen bigint not null check (amount_fen >= 0),
  -- Which units of the order's line these are and what goes back for each: [[index, fen], …]; empty for units that
  -- have not left, which are taken out of the order.
  units jsonb not null,
  exchange_sku_id uuid,
  exchange_options text,
  -- What is kept for the exchange: [{"skuId", "warehouseId", "quantity"}, …]; null when nothing is.
  exchange_parts jsonb,
  restocked integer not null default 0 check (restocked >= 0),
  scrapped integer not null default 0 check (scrapped >= 0 and restocked + scrapped <= quantity),
  primary key (shop_id, case_id, line)
);
create index aftersale_lines_order on aftersale_lines (shop_id, order_id);
call app.protect('aftersale_lines', 'shop_buyer');

create table aftersale_timeline (
  shop_id uuid not null,
  case_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  number integer not null,
  at timestamptz not null,
  kind text not null check (kind in ('step', 'message', 'internal')),
  text text not null check (length(text) <= 300),
  actor_kind text not null check (length(actor_kind) <= 32),
  actor_name text not null check (length(actor_name) <= 200),
  files uuid[] not null,
  primary key (shop_id, case_id, number)
);
call app.protect('aftersale_timeline', 'shop_buyer');

-- A shop's own reasons and return addresses; without a row the program's reasons hold.
create table aftersale_policies (
  shop_id uuid primary key,
  version integer not null check (version > 0),
  reasons jsonb,
  addresses jsonb not null
);
call app.protect('aftersale_policies', 'shop_id');

-- What a refund is for; it follows into the refund that is tried in its place.
alter table refunds add column purpose text not null default '' check (length(purpose) <= 120);
-- Parcels that come back, and those that replace what came back, are followed like others.
alter table parcel_tracks add column direction text not null default 'out'
  check (direction in ('out', 'return', 'replacement'));
