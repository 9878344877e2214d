-- What a price is besides the SKU's own: for members, somewhere, in a channel, for a time. How the one price comes of
-- them is decided in modules/pricing/price.ts and nowhere else.
create table price_rules (
  shop_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('region', 'channel', 'member', 'scheduled')),
  label text not null check (length(label) between 1 and 20),
  method text not null check (method in ('fixed', 'percent', 'minus')),
  -- fen, or basis points for 'percent'.
  value bigint not null check (value > 0),
  rounding text not null check (rounding in ('fen', 'jiao', 'yuan', 'nine')),
  level_ids uuid[] not null default '{}',
  provinces text[] not null default '{}',
  channels text[] not null default '{}',
  -- In force in [starts_at, ends_at).
  starts_at timestamptz,
  ends_at timestamptz,
  -- Announced from then until it starts.
  warm_from timestamptz,
  stopped boolean not null default false,
  version integer not null default 1,
  item_count integer not null,
  product_count integer not null,
  created_by jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  check (ends_at is null or starts_at is null or ends_at > starts_at)
);
create index price_rules_newest on price_rules (shop_id, created_at desc, id desc);
-- Whether a shop has anything to look for at all: asked for each batch of orders.
create index price_rules_active on price_rules (shop_id, ends_at) where not stopped;
call app.protect('price_rules', 'shop_id');

create table price_rule_items (
  shop_id uuid not null,
  rule_id uuid not null,
  number integer not null,
  product_id uuid not null,
  -- Null: all SKUs of the product.
  sku_id uuid,
  -- A price of its own instead of the rule's formula.
  price_fen bigint check (price_fen > 0),
  primary key (shop_id, rule_id, number),
  constraint price_rule_items_once unique nulls not distinct (shop_id, rule_id, product_id, sku_id),
  foreign key (shop_id, rule_id) references price_rules (shop_id, id) on delete cascade
);
create index price_rule_items_product on price_rule_items (shop_id, product_id);
call app.protect('price_rule_items', 'shop_id');

-- How a lowered price of a product is shown, where it is not as the shop says.
create table price_displays (
  shop_id uuid not null,
  product_id uuid not null,
  display text not null check (display in ('strike', 'drop')),
  primary key (shop_id, product_id)
);
call app.protect('price_displays', 'shop_id');
