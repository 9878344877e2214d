-- Candidates of a wide search: products that match any of several queries, so many of each, the most popular first.
-- One `or` of all of them would read every posting of every part; apart, each query skips through the postings of its
-- own rarest part. Enforces the rule of the row-level policy itself, as app.match_products.
create function app.match_any(wanted_shop uuid, queries tsquery[], each_at_most integer)
returns table (product_id uuid, title text, other text, popularity smallint)
language sql stable security definer set search_path = public, pg_temp
set enable_seqscan = off set enable_indexscan = off rows 500 as $$
  select distinct on (found.product_id) found.product_id, found.title, found.other, found.popularity
  from unnest(queries) as one(query)
  cross join lateral (
    select s.product_id, s.title, s.other, s.popularity from product_search s
    where s.search @@ one.query and s.shop_id = wanted_shop and s.on_sale
    order by s.popularity desc, s.product_id limit each_at_most) found
  where app.is_system() or wanted_shop = app.shop_id()
$$;
