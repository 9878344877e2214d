-- What a buyer likes in a shop, with its price at that time.
create table favourites (
  shop_id uuid not null,
  buyer_id uuid not null,
  product_id uuid not null,
  price_fen bigint not null check (price_fen >= 0),
  added_at timestamptz not null,
  primary key (shop_id, buyer_id, product_id)
);
create index favourites_newest on favourites (shop_id, buyer_id, added_at desc, product_id desc);
create index favourites_buyer on favourites (buyer_id);
call app.protect('favourites', 'shop_buyer');

-- What a buyer has looked at, each product once.
create table seen_products (
  shop_id uuid not null,
  buyer_id uuid not null,
  product_id uuid not null,
  seen_at timestamptz not null,
  primary key (shop_id, buyer_id, product_id)
);
create index seen_products_newest on seen_products (shop_id, buyer_id, seen_at desc, product_id desc);
create index seen_products_buyer on seen_products (buyer_id);
create index seen_products_old on seen_products (seen_at);
call app.protect('seen_products', 'shop_buyer');

-- What a buyer allows; without a row everything but advertising.
create table privacy_choices (
  buyer_id uuid primary key,
  marketing boolean not null,
  personalised boolean not null,
  keeps_history boolean not null,
  updated_at timestamptz not null
);
call app.protect('privacy_choices', 'buyer_id');

-- Texts that the shop has published; a version is never changed.
create table legal_texts (
  shop_id uuid not null,
  kind text not null check (kind in ('privacy', 'agreement', 'after-sale', 'shipping', 'licence')),
  version integer not null check (version > 0),
  title text not null check (length(title) between 1 and 60),
  body text not null check (length(body) between 1 and 20000),
  published_at timestamptz not null,
  published_by text not null check (length(published_by) <= 200),
  primary key (shop_id, kind, version)
);
call app.protect('legal_texts', 'shop_id');

create table buyer_consents (
  shop_id uuid not null,
  buyer_id uuid not null,
  kind text not null,
  version integer not null check (version >= 0),
  agreed_at timestamptz not null,
  primary key (shop_id, buyer_id, kind, version)
);
create index buyer_consents_buyer on buyer_consents (buyer_id);
call app.protect('buyer_consents', 'shop_buyer');
