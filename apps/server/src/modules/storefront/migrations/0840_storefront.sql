-- Buyers who want to be told when a SKU can be bought again. A reminder is told once; asking again makes it wait again.
create table restock_reminders (
  shop_id uuid not null,
  id uuid not null,
  sku_id uuid not null,
  product_id uuid not null,
  buyer_id uuid not null,
  created_at timestamptz not null,
  told_at timestamptz,
  primary key (shop_id, id),
  constraint restock_reminders_once unique (shop_id, sku_id, buyer_id)
);
create index restock_reminders_waiting on restock_reminders (shop_id, sku_id, created_at, id) where told_at is null;
create index restock_reminders_told on restock_reminders (shop_id, sku_id, told_at) where told_at is not null;
create index restock_reminders_buyer on restock_reminders (buyer_id);
call app.protect('restock_reminders', 'shop_buyer');

-- Who shared what: one short code for each sharer and page, so that sharing again gives the same address.
-- `sharer_id` is the buyer's id, or the nil UUID for everybody who was not signed in.
create table share_links (
  shop_id uuid not null,
  code text not null check (code ~ '^[0-9A-Za-z]{8,16}$'),
  page text not null check (page in ('home', 'detail', 'page')),
  subject text not null check (length(subject) <= 64),
  sharer_id uuid not null,
  created_at timestamptz not null,
  primary key (shop_id, code),
  constraint share_links_once unique (shop_id, page, subject, sharer_id)
);
create index share_links_sharer on share_links (sharer_id);
call app.protect('share_links', 'shop_id');
