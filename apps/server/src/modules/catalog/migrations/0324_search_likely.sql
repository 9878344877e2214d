-- Candidates of a wide search, as app.match_any, but only those of whom the ways say most are given: reading and
-- ranking hundreds of titles that will not be shown costs more than finding them.
create function app.match_likely(wanted_shop uuid, queries tsquery[], says real[], each_at_most integer, at_most integer)
returns table (product_id uuid, title text, other text, popularity smallint)
language sql stable security definer set search_path = public, pg_temp
set enable_seqscan = off set enable_indexscan = off rows 250 as $$
  select each.product_id, any_value(each.title), any_value(each.other), any_value(each.popularity)
  from unnest(queries, says) as one(query, says)
  cross join lateral (
    select s.product_id, s.title, s.other, s.popularity from product_search s
    where s.search @@ one.query and s.shop_id = wanted_shop and s.on_sale
    order by s.popularity desc, s.product_id limit each_at_most) each
  where app.is_system() or wanted_shop = app.shop_id()
  group by each.product_id
  order by sum(one.says) desc, any_value(each.popularity) desc, each.product_id limit at_most
$$;
drop function app.match_any(uuid, tsquery[], integer);
