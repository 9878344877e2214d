-- The lists of the console, the latest first.
create index payments_created_at on payments (shop_id, created_at desc, id desc);
create index refunds_created_at on refunds (shop_id, created_at desc, id desc);
