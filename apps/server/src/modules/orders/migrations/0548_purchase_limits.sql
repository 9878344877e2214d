-- Units of an order that count towards what one buyer may have of a product (products.purchase_limit), and for whom. The
-- sums are ledger accounts; here stands what is given back when the order, or a part of it, comes to nothing.
create table order_purchase_limits (
  shop_id uuid not null,
  order_id uuid not null,
  product_id uuid not null,
  -- As it was placed: an order may go over to another buyer, the account does not.
  counted_for uuid not null,
  quantity integer not null check (quantity >= 0),
  primary key (shop_id, order_id, product_id)
);
call app.protect('order_purchase_limits', 'shop_id');
call app.narrow_by_order('order_purchase_limits');
