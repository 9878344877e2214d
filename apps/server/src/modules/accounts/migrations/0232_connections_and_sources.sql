-- An account's own code: in its links and QR codes, so that visitors and orders are traced to it.
alter table channel_accounts
  add column code text,
  add column connection_state text not null default 'untested' check (connection_state in ('untested', 'ok', 'failed')),
  add column connection_at timestamptz,
  add column connection_ms integer check (connection_ms >= 0),
  add column connection_message text not null default '' check (length(connection_message) <= 300);
update channel_accounts set code = substr(md5(id::text), 1, 10);
alter table channel_accounts alter column code set not null, add constraint channel_accounts_code unique (shop_id, code);

-- What an account signs in to WeChat with: sealed, never read back, told apart by its last characters.
create table channel_credentials (
  shop_id uuid not null,
  account_id uuid not null,
  name text not null check (length(name) <= 20),
  sealed text not null,
  last4 text not null check (length(last4) <= 4),
  set_at timestamptz not null,
  set_by text not null check (length(set_by) <= 200),
  primary key (shop_id, account_id, name),
  foreign key (shop_id, account_id) references channel_accounts (shop_id, id) on delete cascade
);
call app.protect('channel_credentials', 'shop_id');
call app.narrow('channel_credentials', 'exists (select from channel_accounts seen where seen.shop_id = channel_credentials.shop_id and seen.id = channel_credentials.account_id)');

-- Who came through which account, the last time last: the source of what they order, and whom accounts share. A visitor
-- is a buyer, or a guest until they sign in. An account that is removed takes its touches
-- with it; orders keep their source.
create table channel_touches (
  shop_id uuid not null,
  visitor_id uuid not null,
  account_id uuid not null,
  is_buyer boolean not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (shop_id, visitor_id, account_id)
);
create index channel_touches_account on channel_touches (shop_id, account_id, visitor_id) where is_buyer;
create index channel_touches_visitor on channel_touches (visitor_id);
create index channel_touches_guests on channel_touches (last_at) where not is_buyer;
call app.protect('channel_touches', 'shop_id');
call app.narrow('channel_touches', 'exists (select from channel_accounts seen where seen.shop_id = channel_touches.shop_id and seen.id = channel_touches.account_id)');

-- Each visitor of an account once for each business day.
create table channel_visits (
  shop_id uuid not null,
  account_id uuid not null,
  day date not null,
  visitor_id uuid not null,
  primary key (shop_id, account_id, day, visitor_id)
);
create index channel_visits_day on channel_visits (day);
call app.protect('channel_visits', 'shop_id');
call app.narrow('channel_visits', 'exists (select from channel_accounts seen where seen.shop_id = channel_visits.shop_id and seen.id = channel_visits.account_id)');
