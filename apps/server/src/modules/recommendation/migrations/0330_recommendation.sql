-- Who bought what, as far as recommendation looks back: written by a subscriber of paid orders.
create table recommendation_purchases (
  shop_id uuid not null,
  order_id uuid not null,
  product_id uuid not null,
  buyer_id uuid not null,
  at timestamptz not null,
  primary key (shop_id, order_id, product_id)
);
create index recommendation_purchases_at on recommendation_purchases (shop_id, at);
comment on column recommendation_purchases.buyer_id is 'Only to bring the orders of one buyer together; never shown';
call app.protect('recommendation_purchases', 'shop_buyer');

-- Products that are bought or viewed by the same people, the best of each product; written by a job as a whole.
create table product_pairs (
  shop_id uuid not null,
  product_id uuid not null,
  other_id uuid not null,
  reason text not null check (reason in ('bought-together', 'viewed-together')),
  score real not null check (score > 0),
  primary key (shop_id, product_id, other_id, reason)
);
call app.protect('product_pairs', 'shop_id');

-- How wanted a product is now: purchases and views, each worth half after a while.
create table product_heat (
  shop_id uuid not null,
  product_id uuid not null,
  heat real not null check (heat > 0),
  primary key (shop_id, product_id)
);
create index product_heat_order on product_heat (shop_id, heat desc, product_id);
call app.protect('product_heat', 'shop_id');
