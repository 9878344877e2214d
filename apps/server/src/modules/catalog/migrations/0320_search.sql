-- Ranked search. The row a product is found by also carries the texts that rank it, whether it is on sale and how
-- popular it is, so that the best of thousands of candidates are chosen without a look at other tables.
create function app.popularity_of(sold_count bigint) returns smallint language sql immutable parallel safe
as $$ select round(2 * log(2, 1 + greatest(sold_count, 0)))::smallint $$;

alter table product_search
  -- Normalised: as `normalize` of search/grams.ts writes them.
  add column title text not null default '',
  add column other text not null default '',
  add column on_sale boolean not null default false,
  -- app.popularity_of(units sold): grows with every doubling only, so that a sale seldom rewrites the row.
  add column popularity smallint not null default 0,
  -- Of the analyser that wrote the row; older ones are written anew by a job.
  add column analyser smallint not null default 0;
create index product_search_popular on product_search (shop_id, popularity desc, product_id) where on_sale;
create index product_search_analyser on product_search (analyser, shop_id, product_id);

-- In how many products of the shop a gram occurs (grams of a single product are left out): the rarer, the more it
-- says. Written by a job as a whole.
create table search_terms (
  shop_id uuid not null,
  term text not null check (length(term) <= 40),
  products integer not null check (products > 0),
  primary key (shop_id, term)
);
call app.protect('search_terms', 'shop_id');

-- Words of the titles of a shop. New ones are added with the product that brings them; counts are the job's.
create table search_words (
  shop_id uuid not null,
  word text not null check (length(word) <= 24),
  -- Full pinyin, and first letters.
  sound text not null,
  initials text not null,
  products integer not null default 1 check (products >= 0),
  primary key (shop_id, word)
);
create index search_words_sound on search_words (shop_id, sound text_pattern_ops) where sound <> '';
create index search_words_initials on search_words (shop_id, initials text_pattern_ops) where initials <> '';
call app.protect('search_words', 'shop_id');

-- Of which state the counts are.
create table search_counts (
  shop_id uuid not null,
  products integer not null check (products >= 0),
  counted_at timestamptz not null,
  primary key (shop_id)
);
call app.protect('search_counts', 'shop_id');

-- As app.search_products: both stand before the row-level policy and enforce the same rule themselves, because
-- PostgreSQL does not use a GIN index below a policy. They differ in the way they take, which the caller knows better
-- than the planner: from the index of grams for what is rare, down the list of popular products for what is common.
create function app.match_products(wanted_shop uuid, query tsquery, at_most integer)
returns table (product_id uuid, title text, other text, popularity smallint)
language sql stable security definer set search_path = public, pg_temp
set enable_seqscan = off set enable_indexscan = off rows 500 as $$
  select product_id, title, other, popularity from product_search
  where search @@ query and shop_id = wanted_shop and on_sale and (app.is_system() or wanted_shop = app.shop_id())
  order by popularity desc, product_id limit at_most
$$;

create function app.popular_products(wanted_shop uuid, query tsquery, at_most integer)
returns table (product_id uuid, title text, other text, popularity smallint)
language sql stable security definer set search_path = public, pg_temp
set enable_seqscan = off set enable_bitmapscan = off rows 500 as $$
  select product_id, title, other, popularity from product_search
  where search @@ query and shop_id = wanted_shop and on_sale and (app.is_system() or wanted_shop = app.shop_id())
  order by popularity desc, product_id limit at_most
$$;

-- Ranking reads `title` instead.
alter table product_search drop column search_title;
update product_search s set title = lower(p.title), on_sale = p.state = 'on-sale',
  popularity = app.popularity_of(p.sold_count)
from products p where p.shop_id = s.shop_id and p.id = s.product_id;
