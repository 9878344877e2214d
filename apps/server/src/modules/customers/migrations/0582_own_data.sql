-- Copies that buyers asked for of what is kept of them; the content is sealed and goes when its link ends.
create table own_data_copies (
  buyer_id uuid not null,
  id uuid not null,
  state text not null check (state in ('waiting', 'ready', 'failed', 'expired')),
  content_sealed text,
  size_bytes integer,
  requested_at timestamptz not null,
  expires_at timestamptz,
  primary key (buyer_id, id),
  check ((state = 'ready') = (content_sealed is not null))
);
create index own_data_copies_id on own_data_copies (id);
create unique index own_data_copies_waiting on own_data_copies (buyer_id) where state = 'waiting';
create index own_data_copies_expiry on own_data_copies (expires_at) where state = 'ready';
call app.protect('own_data_copies', 'buyer_id');

-- Accounts that are to be deleted. `waiting` until due, `closing` while nobody can sign in any more, then `erased`;
-- `cancelled` when the buyer came back. The reason a buyer gives is not kept beyond the erasure.
create table account_deletions (
  buyer_id uuid not null,
  id uuid not null,
  state text not null check (state in ('waiting', 'closing', 'erased', 'cancelled')),
  reason text not null check (length(reason) <= 200),
  requested_at timestamptz not null,
  -- When the next step is due.
  due_at timestamptz not null,
  -- What stood in the way at the last try.
  blocked_by text not null default '' check (length(blocked_by) <= 500),
  ended_at timestamptz,
  -- When the event store had forgotten the buyer too; null while that is still to be done.
  events_forgotten_at timestamptz,
  primary key (buyer_id, id)
);
create unique index account_deletions_open on account_deletions (buyer_id) where state in ('waiting', 'closing');
create index account_deletions_due on account_deletions (due_at) where state in ('waiting', 'closing');
create index account_deletions_unforgotten on account_deletions (ended_at) where state = 'erased' and events_forgotten_at is null;
call app.protect('account_deletions', 'buyer_id');
