-- What buyers search for, counted by day. Nothing tells who searched.
create table search_queries (
  shop_id uuid not null,
  -- In the shop's time zone.
  day date not null,
  -- Normalised.
  query text not null check (length(query) between 1 and 60),
  searches integer not null check (searches > 0),
  without_result integer not null check (without_result between 0 and searches),
  primary key (shop_id, day, query)
);
call app.protect('search_queries', 'shop_id');

-- Synonyms and hot words as the shop set them.
create table search_settings (
  shop_id uuid not null,
  -- [[word, word, …], …], normalised.
  synonyms jsonb not null default '[]',
  pinned text[] not null default '{}',
  blocked text[] not null default '{}',
  updated_at timestamptz not null,
  primary key (shop_id)
);
call app.protect('search_settings', 'shop_id');
