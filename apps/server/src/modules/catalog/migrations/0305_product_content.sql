-- What a product page is made of beyond title and SKUs, what was measured on it, and what the product is for.

alter table files
  -- Share of white pixels along the four edges of a picture, in 1/100 %; null: not measured.
  add column white_edge_bp integer check (white_edge_bp between 0 and 10000),
  -- Of a video, from its own boxes.
  add column duration_ms integer check (duration_ms >= 0),
  -- When it was uploaded once more; files that nothing shows are forgotten some time after that.
  add column wanted_at timestamptz;

alter table products
  -- {pictureKinds: {fileId: kind}, videoFileId, videoPosterFileId, coreKeyword, detailDocument}
  add column content jsonb not null default '{}',
  add column tag_value_ids uuid[] not null default '{}',
  add column role text not null default 'regular' check (role in ('traffic', 'custom', 'regular', 'exclusive')),
  add column channel_exclusive boolean not null default false,
  add column exclusive_provinces text[] not null default '{}',
  -- Reckoned after every change by the subscriber catalog.completeness; `completeness_at` is null until then.
  add column completeness smallint not null default 0 check (completeness between 0 and 100),
  -- Items of completeness that the product lacks something of, with the points that are missing.
  add column completeness_gaps jsonb not null default '{}',
  add column completeness_at timestamptz;
create index products_completeness on products (shop_id, completeness, id);
create index products_unreckoned on products (shop_id) where completeness_at is null;
create index files_unmeasured on files (shop_id) where kind = 'image' and white_edge_bp is null;
create index products_role on products (shop_id, role, id);

-- The rules by which a shop's products were reckoned last; other rules reckon them anew.
create table completeness_runs (
  shop_id uuid primary key,
  rules_key text not null check (length(rules_key) <= 64),
  reckoned_at timestamptz not null
);
call app.protect('completeness_runs', 'shop_id');

-- The shop's vocabulary of tags: dimensions such as 场景, 人群, 季节, and their values.
create table tag_dimensions (
  shop_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 12),
  position integer not null default 0,
  -- Buyers may filter by it.
  storefront boolean not null default true,
  created_at timestamptz not null,
  primary key (shop_id, id),
  constraint tag_dimensions_name unique (shop_id, name)
);
call app.protect('tag_dimensions', 'shop_id');

create table tag_values (
  shop_id uuid not null,
  id uuid not null,
  dimension_id uuid not null,
  name text not null check (length(name) between 1 and 20),
  position integer not null default 0,
  primary key (shop_id, id),
  constraint tag_values_name unique (shop_id, dimension_id, name) deferrable initially immediate,
  foreign key (shop_id, dimension_id) references tag_dimensions (shop_id, id)
);
call app.protect('tag_values', 'shop_id');
