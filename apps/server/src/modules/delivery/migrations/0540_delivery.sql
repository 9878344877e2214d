-- Parcels that do not go by courier are parcels too.
alter table shipments add column method text not null default 'courier'
  check (method in ('courier', 'same-city', 'pick-up'));

-- Where buyers fetch what they ordered.
create table pick_up_points (
  shop_id uuid not null,
  id uuid not null,
  version integer not null check (version > 0),
  name text not null check (length(name) between 1 and 40),
  province text not null check (length(province) <= 40),
  city text not null check (length(city) <= 40),
  district text not null check (length(district) <= 40),
  address text not null check (length(address) <= 120),
  phone text not null check (length(phone) <= 20),
  opens_at text not null check (length(opens_at) = 5),
  closes_at text not null check (length(closes_at) = 5),
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  active boolean not null,
  warehouse_id uuid,
  -- Who may hand over here; empty: everybody with the permission.
  staff_ids uuid[] not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  constraint pick_up_points_name unique (shop_id, name)
);
call app.protect('pick_up_points', 'shop_id');

-- Where a shop delivers itself. The zones are a list checked by the program; see rules.ts.
create table same_city_areas (
  shop_id uuid not null primary key,
  version integer not null check (version > 0),
  province text not null check (length(province) <= 40),
  city text not null check (length(city) <= 40),
  latitude double precision,
  longitude double precision,
  opens_at text not null check (length(opens_at) = 5),
  closes_at text not null check (length(closes_at) = 5),
  warehouse_id uuid,
  zones jsonb not null,
  updated_at timestamptz not null
);
call app.protect('same_city_areas', 'shop_id');

-- Orders that do not go by courier: what they were promised, and how far they are.
create table order_deliveries (
  shop_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  order_no text not null check (length(order_no) <= 32),
  version integer not null check (version > 0),
  method text not null check (method in ('same-city', 'pick-up')),
  state text not null check (state in
    ('awaiting-payment', 'preparing', 'ready', 'on-the-way', 'done', 'expired', 'ended')),
  fee_fen bigint not null check (fee_fen >= 0),
  promise_minutes integer not null check (promise_minutes > 0),
  item_count integer not null check (item_count > 0),
  receiver_masked text not null,
  phone_masked text not null,
  region text not null check (length(region) <= 130),
  point_id uuid,
  warehouse_id uuid,
  -- The point and the opening hours as they were when the order was placed.
  frozen jsonb not null,
  -- The pick-up code: sealed for its buyer, hashed for look-up.
  code_sealed text,
  code_hash text,
  rider_name text check (length(rider_name) <= 20),
  rider_phone text check (length(rider_phone) <= 20),
  placed_at timestamptz not null,
  paid_at timestamptz,
  due_at timestamptz,
  ready_at timestamptz,
  keep_until timestamptz,
  remind_at timestamptz,
  done_at timestamptz,
  done_by text check (length(done_by) <= 200),
  primary key (shop_id, order_id)
);
create unique index order_deliveries_code on order_deliveries (shop_id, code_hash) where code_hash is not null;
create index order_deliveries_open on order_deliveries (shop_id, due_at, order_id)
  where state in ('preparing', 'ready', 'on-the-way');
create index order_deliveries_placed on order_deliveries (shop_id, placed_at desc, order_id desc);
create index order_deliveries_point on order_deliveries (shop_id, point_id) where point_id is not null;
create index order_deliveries_remind on order_deliveries (remind_at) where state = 'ready';
create index order_deliveries_keep on order_deliveries (keep_until) where state = 'ready';
call app.protect('order_deliveries', 'shop_buyer');

-- What a shop wrote to a buyer about an order.
create table order_notices (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  at timestamptz not null,
  topic text not null check (length(topic) <= 40),
  title text not null check (length(title) <= 60),
  text text not null check (length(text) <= 300),
  primary key (shop_id, id)
);
create index order_notices_order on order_notices (shop_id, order_id, at desc);
call app.protect('order_notices', 'shop_buyer');

-- Wrong pick-up codes by whoever typed them, in windows of time: codes are not found by trying.
create table pick_up_tries (
  shop_id uuid not null,
  staff_id uuid not null,
  window_ends_at timestamptz not null,
  wrong integer not null check (wrong > 0),
  primary key (shop_id, staff_id)
);
call app.protect('pick_up_tries', 'shop_id');
