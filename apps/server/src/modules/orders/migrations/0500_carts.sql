-- What a buyer, or a guest, wants to buy, of several shops. `buyer_id` is the buyer's id or the guest's.
create table cart_lines (
  buyer_id uuid not null,
  sku_id uuid not null,
  shop_id uuid not null,
  product_id uuid not null,
  quantity integer not null check (quantity between 1 and 9999),
  selected boolean not null,
  added_price_fen bigint not null check (added_price_fen >= 0),
  added_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (buyer_id, sku_id)
);
call app.protect('cart_lines', 'buyer_id');
