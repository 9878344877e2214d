-- The accounts inside WeChat that a shop trades with.
create table channel_accounts (
  shop_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('personal', 'subscription', 'service', 'wecom', 'mini-program', 'channels', 'live', 'showcase')),
  name text not null check (length(name) between 1 and 40),
  -- What WeChat calls it: the WeChat number, an appid, a room number.
  wechat_id text not null check (length(wechat_id) <= 64),
  positioning text not null check (length(positioning) <= 200),
  keeper text not null check (length(keeper) <= 30),
  friends int not null check (friends >= 0),
  state text not null check (state in ('active', 'paused')),
  version int not null default 1,
  created_at timestamptz not null,
  primary key (shop_id, id),
  unique (shop_id, kind, name)
);
call app.protect('channel_accounts', 'shop_id');

-- What an account did on a business day: friends added, Moments posted, fen received.
create table channel_account_days (
  shop_id uuid not null,
  account_id uuid not null,
  day date not null,
  action text not null check (action in ('friend-add', 'moment', 'receipt')),
  total bigint not null check (total >= 0),
  primary key (shop_id, account_id, day, action),
  foreign key (shop_id, account_id) references channel_accounts (shop_id, id)
);
call app.protect('channel_account_days', 'shop_id');
