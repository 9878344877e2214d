-- The catalogue: what a shop sells. Stock is not here (ledger accounts, module stock), nor are orders.

create table categories (
  shop_id uuid not null,
  id uuid not null,
  parent_id uuid,
  name text not null check (length(name) between 1 and 30),
  position integer not null default 0,
  created_at timestamptz not null,
  primary key (shop_id, id),
  constraint categories_name unique nulls not distinct (shop_id, parent_id, name),
  foreign key (shop_id, parent_id) references categories (shop_id, id)
);
call app.protect('categories', 'shop_id');

create table products (
  shop_id uuid not null,
  id uuid not null,
  -- The shop's own number for the product: spreadsheet rows that carry it are SKUs of this product.
  code text check (length(code) between 1 and 64),
  state text not null default 'draft' check (state in ('draft', 'on-sale', 'off-sale')),
  -- Grows with every change; an editor that read an older one is refused.
  version integer not null default 1 check (version > 0),
  title text not null check (length(title) <= 120),
  subtitle text not null default '' check (length(subtitle) <= 120),
  category_id uuid,
  brand text not null default '' check (length(brand) <= 60),
  tags text[] not null default '{}',
  attributes jsonb not null default '[]',
  options jsonb not null default '[]',
  pictures uuid[] not null default '{}',
  detail text not null default '' check (length(detail) <= 20000),
  detail_pictures uuid[] not null default '{}',
  freight_template_id uuid,
  -- Kept by addSold(), in units.
  sold_count bigint not null default 0,
  -- Of the SKUs that are not archived; written with them so that lists need not read SKUs.
  min_price_fen bigint not null default 0,
  max_price_fen bigint not null default 0,
  list_price_fen bigint,
  sku_count integer not null default 0,
  -- Grams and words of everything searchable, and of the title alone (see search.ts).
  search tsvector not null default '',
  search_title tsvector not null default '',
  published_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  constraint products_code unique (shop_id, code),
  foreign key (shop_id, category_id) references categories (shop_id, id)
);
create index products_updated on products (shop_id, updated_at desc, id desc);
create index products_title on products (shop_id, title, id);
create index products_category on products (shop_id, category_id);
create index products_new on products (shop_id, published_at desc, id desc) where state = 'on-sale';
create index products_sold on products (shop_id, sold_count desc, id desc) where state = 'on-sale';
create index products_price on products (shop_id, min_price_fen, id) where state = 'on-sale';
create index products_search on products using gin (search);
call app.protect('products', 'shop_id');

create table skus (
  shop_id uuid not null,
  id uuid not null,
  product_id uuid not null,
  code text not null check (length(code) between 1 and 64),
  barcode text not null default '' check (length(barcode) <= 32),
  -- Values of the product's options, in their order.
  option_values text[] not null default '{}',
  price_fen bigint not null check (price_fen >= 0),
  list_price_fen bigint check (list_price_fen >= 0),
  cost_fen bigint check (cost_fen >= 0),
  weight_grams integer not null default 0 check (weight_grams >= 0),
  picture uuid,
  position integer not null default 0,
  -- A SKU is never deleted: stock and orders name it. One that is no longer sold is archived.
  archived boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  constraint skus_code unique (shop_id, code),
  foreign key (shop_id, product_id) references products (shop_id, id)
);
create index skus_product on skus (shop_id, product_id, position);
create index skus_barcode on skus (shop_id, barcode) where barcode <> '';
call app.protect('skus', 'shop_id');

create table product_versions (
  shop_id uuid not null,
  product_id uuid not null,
  version integer not null,
  at timestamptz not null,
  actor jsonb not null,
  -- The whole product as it was from then on.
  snapshot jsonb not null,
  -- [{field, before, after}] in words.
  changes jsonb not null,
  primary key (shop_id, product_id, version)
);
call app.protect('product_versions', 'shop_id');

-- What other modules may join to show a SKU by name.
create view catalog_sku_view with (security_invoker = true) as
select s.shop_id, s.id as sku_id, s.product_id, s.code as sku_code, p.title,
  array_to_string(s.option_values, ' / ') as options, s.barcode, s.archived,
  (p.state = 'on-sale' and not s.archived) as on_sale
from skus s join products p on p.shop_id = s.shop_id and p.id = s.product_id;
comment on view catalog_sku_view is 'distribute: shop_id';

-- PostgreSQL does not use a GIN index below a row-level policy (its operators are not leakproof), so this function
-- stands before the policy and enforces the same rule itself. `query` carries the shop's own lexeme (search.ts), so
-- that the index is entered per shop.
create function app.search_products(wanted_shop uuid, query tsquery) returns table (product_id uuid)
language sql stable security definer set search_path = public, pg_temp rows 200 as $$
  select id from products
  where search @@ query and shop_id = wanted_shop and (app.is_system() or wanted_shop = app.shop_id())
$$;
