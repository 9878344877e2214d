-- Warehouses of a shop. Orders are served from the lowest priority number first.
create table warehouses (
  shop_id uuid not null,
  id uuid not null,
  code text not null check (length(code) between 1 and 20),
  name text not null check (length(name) between 1 and 40),
  kind text not null check (kind in ('central', 'front')),
  region text not null check (length(region) <= 60),
  active boolean not null,
  priority integer not null check (priority between 0 and 999),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  constraint warehouses_code unique (shop_id, code)
);
call app.protect('warehouses', 'shop_id');

-- Which SKUs have ever been in which warehouse, and the two ledger accounts that hold them there.
create table stock_places (
  shop_id uuid not null,
  sku_id uuid not null,
  warehouse_id uuid not null,
  available_account uuid not null,
  committed_account uuid not null,
  primary key (shop_id, sku_id, warehouse_id)
);
create index stock_places_warehouse on stock_places (shop_id, warehouse_id, sku_id);
call app.protect('stock_places', 'shop_id');

-- Every change of stock in words: the book of purchases, sales and stock. Written beside the ledger's transfers.
create table stock_movements (
  shop_id uuid not null,
  -- UUIDv7: the order of the list.
  id uuid not null,
  at timestamptz not null,
  sku_id uuid not null,
  warehouse_id uuid not null,
  reason text not null check (length(reason) between 1 and 20),
  quantity integer not null,
  note text not null default '' check (length(note) <= 200),
  actor_kind text not null check (length(actor_kind) <= 32),
  actor_id text check (length(actor_id) <= 64),
  actor_name text not null default '' check (length(actor_name) <= 200),
  order_id uuid,
  order_no text check (length(order_no) <= 32),
  primary key (shop_id, id)
);
create index stock_movements_sku on stock_movements (shop_id, sku_id, id desc);
create index stock_movements_warehouse on stock_movements (shop_id, warehouse_id, id desc);
create index stock_movements_order on stock_movements (shop_id, order_id) where order_id is not null;
call app.protect('stock_movements', 'shop_id');
create policy never_changed on stock_movements as restrictive for update using (false);
create policy never_removed on stock_movements as restrictive for delete using (false);

-- What is where, read from the ledger's accounts. The reader's own row-level security applies.
create view stock_levels with (security_invoker = true) as
  select p.shop_id, p.sku_id, p.warehouse_id,
    a.credits_posted - a.debits_posted - a.debits_pending as available,
    a.debits_pending as reserved,
    c.credits_posted - c.debits_posted as committed
  from stock_places p
  join ledger_accounts a on a.shop_id = p.shop_id and a.id = p.available_account
  join ledger_accounts c on c.shop_id = p.shop_id and c.id = p.committed_account;
