-- Money that the platform holds back with a reason, until a day or a decision. active → released.
create table freezes (
  shop_id uuid not null,
  id uuid not null,
  number text not null,
  -- An amount, or everything that was settled in a period.
  kind text not null check (kind in ('amount', 'period')),
  case_kind text not null check (case_kind in ('routine', 'serious')),
  state text not null check (state in ('active', 'released')),
  reason text not null check (length(reason) between 1 and 300),
  amount_fen bigint not null check (amount_fen > 0),
  period_from timestamptz,
  period_to timestamptz,
  version int not null,
  opened_at timestamptz not null,
  opened_by text not null,
  -- The clock: released by itself then, unless somebody decides otherwise.
  due_at timestamptz not null,
  prolonged int not null default 0,
  -- The reminder that is next, as so many days before.
  reminded_at timestamptz,
  remind_at timestamptz,
  released_at timestamptz,
  released_by text,
  release_reason text,
  primary key (shop_id, id),
  unique (shop_id, number),
  check ((state = 'released') = (released_at is not null))
);
create index freezes_due on freezes (due_at) where state = 'active';
create index freezes_remind on freezes (remind_at) where state = 'active' and remind_at is not null;
create index freezes_list on freezes (shop_id, opened_at desc, id desc);
call app.protect('freezes', 'shop_id');

-- Of what a freeze consists, and where each part goes back to.
create table freeze_parts (
  shop_id uuid not null,
  freeze_id uuid not null,
  part int not null,
  -- An order's money, or what the shop had available.
  order_id uuid,
  source text not null check (source in ('pending', 'available')),
  amount_fen bigint not null check (amount_fen > 0),
  primary key (shop_id, freeze_id, part),
  foreign key (shop_id, freeze_id) references freezes (shop_id, id)
);
call app.protect('freeze_parts', 'shop_id');
call app.narrow('freeze_parts', 'order_id is null or exists (select from orders seen where seen.shop_id = freeze_parts.shop_id and seen.id = order_id)');

-- What happened with a freeze, and the papers that were handed in.
create table freeze_events (
  shop_id uuid not null,
  freeze_id uuid not null,
  number int not null,
  kind text not null check (kind in ('opened', 'prolonged', 'document', 'reminded', 'released')),
  text text not null check (length(text) <= 500),
  actor_kind text not null check (actor_kind in ('platform', 'merchant', 'system')),
  actor_name text not null,
  file_id uuid,
  file_name text,
  at timestamptz not null,
  primary key (shop_id, freeze_id, number),
  foreign key (shop_id, freeze_id) references freezes (shop_id, id)
);
call app.protect('freeze_events', 'shop_id');

-- 保证金: what was paid in, taken out and deducted.
create table deposit_entries (
  shop_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('paid-in', 'taken-out', 'deducted')),
  amount_fen bigint not null check (amount_fen > 0),
  reason text not null check (length(reason) <= 300),
  by_name text not null,
  at timestamptz not null,
  primary key (shop_id, id)
);
create index deposit_entries_list on deposit_entries (shop_id, at desc, id desc);
call app.protect('deposit_entries', 'shop_id');
