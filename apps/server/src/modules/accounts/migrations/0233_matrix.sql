-- Several accounts of one owner that are run side by side, each with a positioning of its own.
create table channel_groups (
  shop_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 30),
  owner text not null check (length(owner) <= 30),
  created_at timestamptz not null,
  version int not null default 1,
  primary key (shop_id, id),
  constraint channel_groups_name unique (shop_id, name)
);
call app.protect('channel_groups', 'shop_id');

alter table channel_accounts
  add column group_id uuid,
  -- Its track, whom it speaks to, how it sounds, and what it keeps talking about.
  add column track text not null default '' check (length(track) <= 30),
  add column audience text not null default '' check (length(audience) <= 60),
  add column tone text not null default '' check (length(tone) <= 30),
  add column pillars text[] not null default '{}' check (cardinality(pillars) <= 8),
  add foreign key (shop_id, group_id) references channel_groups (shop_id, id);
create index channel_accounts_group on channel_accounts (shop_id, group_id) where group_id is not null;
