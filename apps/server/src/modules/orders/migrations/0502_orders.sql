-- Short order numbers: each process takes a block of this sequence. A sequence is the one object without a shop.
create sequence order_numbers as bigint increment by 1000 minvalue 0 start with 0 maxvalue 999999000 cycle;

create table orders (
  shop_id uuid not null,
  id uuid not null,
  buyer_id uuid not null,
  order_no text not null check (length(order_no) <= 32),
  state text not null check (state in
    ('awaiting-payment', 'awaiting-shipment', 'shipped', 'completed', 'cancelled', 'refunding', 'refunded')),
  -- Counts the steps; each step has its row in order_timeline.
  version integer not null check (version > 0),
  idempotency_key text not null check (length(idempotency_key) <= 64),
  request_digest text not null,
  goods_fen bigint not null check (goods_fen >= 0),
  discount_fen bigint not null check (discount_fen <= 0),
  freight_fen bigint not null check (freight_fen >= 0),
  total_fen bigint not null check (total_fen = goods_fen + discount_fen + freight_fen and total_fen >= 0),
  paid_fen bigint not null default 0 check (paid_fen >= 0),
  refunded_fen bigint not null default 0 check (refunded_fen >= 0 and refunded_fen <= paid_fen),
  item_count integer not null check (item_count > 0),
  -- Name, phone, street and detail, sealed; the masked columns are for lists, the hash is for search.
  address_sealed text not null,
  receiver_masked text not null,
  phone_masked text not null,
  phone_hash text not null,
  province text not null,
  city text not null,
  district text not null,
  buyer_note text not null check (length(buyer_note) <= 200),
  merchant_note text not null default '' check (length(merchant_note) <= 500),
  cancel_reason text check (length(cancel_reason) <= 100),
  refund_reason text check (length(refund_reason) <= 100),
  -- Where a refund that failed goes back to.
  refund_from text,
  payment_id uuid,
  placed_at timestamptz not null,
  pay_before timestamptz not null,
  paid_at timestamptz,
  shipped_at timestamptz,
  auto_receive_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  primary key (shop_id, id),
  constraint orders_no unique (shop_id, order_no),
  constraint orders_key unique (shop_id, buyer_id, idempotency_key)
) with (fillfactor = 85);
create index orders_buyer on orders (shop_id, buyer_id, placed_at desc, id desc);
create index orders_placed on orders (shop_id, placed_at desc, id desc);
create index orders_state on orders (shop_id, state, placed_at desc, id desc);
create index orders_phone on orders (shop_id, phone_hash);
create index orders_unpaid on orders (pay_before) where state = 'awaiting-payment';
create index orders_unreceived on orders (auto_receive_at) where state = 'shipped';
call app.protect('orders', 'shop_buyer');

create table order_lines (
  shop_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  line smallint not null,
  sku_id uuid not null,
  product_id uuid not null,
  title text not null,
  options text not null,
  picture_file_id uuid,
  quantity integer not null check (quantity > 0),
  unit_price_fen bigint not null check (unit_price_fen >= 0),
  pay_total_fen bigint not null check (pay_total_fen between 0 and unit_price_fen * quantity),
  -- What each unit costs, frozen, as runs: [[fen, units], …].
  unit_pay_runs jsonb not null,
  -- Where the units were reserved: [{"warehouseId", "quantity", "transferId"}, …].
  allocations jsonb not null,
  shipped_quantity integer not null default 0 check (shipped_quantity between 0 and quantity),
  primary key (shop_id, order_id, line)
);
call app.protect('order_lines', 'shop_buyer');

create table order_adjustments (
  shop_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  number smallint not null,
  source text not null,
  label text not null,
  payer text not null check (payer in ('merchant', 'platform', 'creator')),
  line smallint,
  fen bigint not null,
  unit_runs jsonb not null,
  primary key (shop_id, order_id, number)
);
call app.protect('order_adjustments', 'shop_buyer');

-- Every step of an order. The version makes each step happen once.
create table order_timeline (
  shop_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  version integer not null,
  at timestamptz not null,
  event text not null check (length(event) <= 40),
  text text not null check (length(text) <= 300),
  actor_kind text not null check (length(actor_kind) <= 32),
  actor_name text not null check (length(actor_name) <= 200),
  primary key (shop_id, order_id, version)
);
call app.protect('order_timeline', 'shop_buyer');

create table shipments (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  order_no text not null,
  carrier_code text not null check (length(carrier_code) <= 10),
  tracking_no text not null check (length(tracking_no) <= 40),
  shipped_at timestamptz not null,
  shipped_by text not null check (length(shipped_by) <= 200),
  primary key (shop_id, id)
);
create index shipments_order on shipments (shop_id, order_id);
create index shipments_tracking on shipments (shop_id, tracking_no);
create index shipments_shipped on shipments (shop_id, shipped_at desc, id desc);
call app.protect('shipments', 'shop_buyer');

create table shipment_lines (
  shop_id uuid not null,
  shipment_id uuid not null,
  buyer_id uuid not null,
  line smallint not null,
  warehouse_id uuid not null,
  quantity integer not null check (quantity > 0),
  primary key (shop_id, shipment_id, line, warehouse_id)
);
call app.protect('shipment_lines', 'shop_buyer');
