-- The levels that a shop gives its buyers, and who has which.
create table member_levels (
  shop_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 20),
  -- Greater is higher.
  rank integer not null check (rank between 1 and 99),
  note text not null default '' check (length(note) <= 200),
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  constraint member_levels_name unique (shop_id, name),
  constraint member_levels_rank unique (shop_id, rank)
);
call app.protect('member_levels', 'shop_id');

create table memberships (
  shop_id uuid not null,
  buyer_id uuid not null,
  level_id uuid not null,
  -- 'staff': set by hand and left alone by rules; 'rule': by growth.
  source text not null check (source in ('staff', 'rule')),
  note text not null default '' check (length(note) <= 200),
  set_by jsonb not null,
  since timestamptz not null,
  primary key (shop_id, buyer_id),
  foreign key (shop_id, level_id) references member_levels (shop_id, id)
);
create index memberships_since on memberships (shop_id, since desc, buyer_id desc);
create index memberships_level on memberships (shop_id, level_id, since desc, buyer_id desc);
create index memberships_buyer on memberships (buyer_id);
call app.protect('memberships', 'shop_buyer');
