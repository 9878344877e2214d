-- The ledger: one book per shop. The model is TigerBeetle's: accounts with four counters, append-only transfers,
-- two-phase transfers with a time-out, linked transfers. Why it looks as it does: apps/server/src/ledger/README.md.

create table ledger_accounts (
  shop_id uuid not null,
  -- Computed from code and owner by accountId(); nobody looks it up.
  id uuid not null,
  code text not null check (length(code) between 1 and 64),
  unit text not null check (length(unit) between 1 and 96),
  owner text not null check (length(owner) <= 300),
  debits_pending bigint not null default 0 check (debits_pending >= 0),
  debits_posted bigint not null default 0 check (debits_posted >= 0),
  credits_pending bigint not null default 0 check (credits_pending >= 0),
  credits_posted bigint not null default 0 check (credits_posted >= 0),
  min_balance bigint,
  max_balance bigint,
  created_at timestamptz not null,
  primary key (shop_id, id),
  -- The last wall: rules.ts has refused long before.
  constraint ledger_accounts_min check (min_balance is null or credits_posted - debits_posted - debits_pending >= min_balance),
  constraint ledger_accounts_max check (max_balance is null or credits_posted + credits_pending - debits_posted <= max_balance),
  -- Counters stay exact in a double, also when everything pending is posted.
  constraint ledger_accounts_safe check (debits_pending + debits_posted <= 9007199254740991
    and credits_pending + credits_posted <= 9007199254740991)
) with (fillfactor = 70);
call app.protect('ledger_accounts', 'shop_id');

create table ledger_transfers (
  shop_id uuid not null,
  -- Given by the caller; the same id is never carried out twice.
  id uuid not null,
  debit_account uuid not null,
  credit_account uuid not null,
  amount bigint not null check (amount > 0),
  unit text not null check (length(unit) between 1 and 96),
  code text not null check (length(code) between 1 and 64),
  -- 'expire' is a void by the clock.
  kind text not null check (kind in ('posted', 'pending', 'post', 'void', 'expire')),
  pending_id uuid,
  expires_at timestamptz,
  reference_type text check (length(reference_type) between 1 and 40),
  reference_id text check (length(reference_id) between 1 and 128),
  -- Linked transfers carry the id of the first of their group, and how many they are.
  link_id uuid,
  link_size smallint,
  created_at timestamptz not null,
  primary key (shop_id, id),
  check (debit_account <> credit_account),
  check ((pending_id is not null) = (kind in ('post', 'void', 'expire'))),
  check (expires_at is null or kind = 'pending'),
  check ((reference_type is null) = (reference_id is null)),
  check ((link_id is null) = (link_size is null)),
  check (link_size > 1)
);
-- A pending transfer is resolved at most once, whoever races.
create unique index ledger_transfers_resolution on ledger_transfers (shop_id, pending_id) where pending_id is not null;
create index ledger_transfers_debit on ledger_transfers (shop_id, debit_account, created_at, id);
create index ledger_transfers_credit on ledger_transfers (shop_id, credit_account, created_at, id);
create index ledger_transfers_reference on ledger_transfers (shop_id, reference_type, reference_id) where reference_id is not null;
call app.protect('ledger_transfers', 'shop_id');
-- Append-only: no row can be changed or removed by the program, in any scope.
create policy never_changed on ledger_transfers as restrictive for update using (false);
create policy never_removed on ledger_transfers as restrictive for delete using (false);

-- The pending transfers that are still open. A row is written with its transfer and deleted when that is posted,
-- voided or expired; everything else about it stands in ledger_transfers.
create table ledger_pendings (
  shop_id uuid not null,
  id uuid not null,
  expires_at timestamptz,
  link_id uuid,
  primary key (shop_id, id)
);
create index ledger_pendings_due on ledger_pendings (expires_at, shop_id, link_id) where expires_at is not null;
call app.protect('ledger_pendings', 'shop_id');
