-- Terms stand behind a key of their shop instead of beside it: each shop has postings of its own, and a rare term is
-- looked up without a walk along all products of the shop.
update product_search set search = array_to_tsvector(array(
  select right(shop_id::text, 4) || term from unnest(tsvector_to_array(search)) as term where term not like '@%'));
