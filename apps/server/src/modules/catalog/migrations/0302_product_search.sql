-- What products are found by stands apart from them: a sale counts up sold_count, which must not rewrite hundreds of
-- entries of a GIN index.
create table product_search (
  shop_id uuid not null,
  product_id uuid not null,
  -- Grams and words of everything searchable, and of the title alone (see search.ts).
  search tsvector not null,
  search_title tsvector not null,
  primary key (shop_id, product_id),
  foreign key (shop_id, product_id) references products (shop_id, id)
);
insert into product_search (shop_id, product_id, search, search_title) select shop_id, id, search, search_title from products;
create index product_search_search on product_search using gin (search);
call app.protect('product_search', 'shop_id');

create or replace function app.search_products(wanted_shop uuid, query tsquery) returns table (product_id uuid)
language sql stable security definer set search_path = public, pg_temp rows 200 as $$
  select product_id from product_search
  where search @@ query and shop_id = wanted_shop and (app.is_system() or wanted_shop = app.shop_id())
$$;

alter table products drop column search, drop column search_title;
