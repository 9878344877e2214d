-- What a shop is to the platform: its level decides how long its money waits and how much deposit it keeps.
create table settlement_merchants (
  shop_id uuid primary key,
  level text not null check (level in ('new', 'steady', 'trusted')),
  note text not null check (length(note) <= 200),
  version int not null,
  changed_at timestamptz not null,
  changed_by text not null
);
call app.protect('settlement_merchants', 'shop_id');

-- The merchant's part of each settled order: waits in merchant.pending until its day, then may be withdrawn. How much
-- waits is asked of the ledger when the day has come, since refunds may have taken some of it.
create table settlement_items (
  shop_id uuid not null,
  order_id uuid not null,
  order_no text not null,
  -- Where the buyer's money is: at WeChat, or in the merchant's own pocket.
  channel text not null check (channel in ('wechat', 'personal-code')),
  -- The rule that was in force when the order was settled.
  level text not null,
  cycle_days int not null,
  settled_at timestamptz not null,
  due_at timestamptz not null,
  state text not null check (state in ('waiting', 'frozen', 'released')),
  -- What merchant.pending received, and what the parties' shares took of the order.
  amount_fen bigint not null check (amount_fen >= 0),
  shares_fen bigint not null check (shares_fen >= 0),
  released_fen bigint,
  -- How often it was released: money that comes to it later (a refund that failed) waits once more.
  rounds int not null default 0,
  released_at timestamptz,
  primary key (shop_id, order_id),
  check ((state = 'released') = (released_at is not null))
);
create index settlement_items_due on settlement_items (due_at) where state = 'waiting';
create index settlement_items_list on settlement_items (shop_id, settled_at desc, order_id desc);
call app.protect('settlement_items', 'shop_id');
call app.narrow_by_order('settlement_items');

-- The money of a shop by kind of account; those of orders are many and are left out.
create index ledger_accounts_money on ledger_accounts (shop_id, code) where unit = 'CNY' and code <> 'order.paid';

update roles set permissions = permissions || array['money.read', 'money.write']
where not 'money.write' = any(permissions) and 'settings.write' = any(permissions) and 'orders.refund' = any(permissions)
  and shop_id <> '00000000-0000-0000-0000-000000000000';
update roles set permissions = permissions || array['platform.money']
where not 'platform.money' = any(permissions) and 'platform.settings' = any(permissions);
