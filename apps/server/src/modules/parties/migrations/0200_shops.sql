create table shops (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'),
  name text not null check (length(name) between 1 and 40),
  logo_url text,
  notice text not null default '' check (length(notice) <= 500),
  time_zone text not null default 'Asia/Shanghai',
  state text not null default 'open' check (state in ('open', 'closed')),
  created_at timestamptz not null
);
call app.protect('shops', 'reference');
