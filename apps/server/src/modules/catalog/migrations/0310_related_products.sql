-- Goods that the shop itself puts beside a product, in its order: to go with it, or to take its place when it is short.
create table product_relations (
  shop_id uuid not null,
  product_id uuid not null,
  kind text not null check (kind in ('related', 'substitute')),
  related_id uuid not null,
  position integer not null,
  primary key (shop_id, product_id, kind, related_id),
  check (product_id <> related_id),
  foreign key (shop_id, product_id) references products (shop_id, id) on delete cascade,
  foreign key (shop_id, related_id) references products (shop_id, id) on delete cascade
);
create index product_relations_order on product_relations (shop_id, product_id, kind, position);
create index product_relations_related on product_relations (shop_id, related_id);
call app.protect('product_relations', 'shop_id');
