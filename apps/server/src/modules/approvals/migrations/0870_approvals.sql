-- Sensitive operations that a second person has to agree to. What exactly was asked for is only a hash: the one who
-- asked makes the same call again once it is agreed to.
create table approvals (
  shop_id uuid not null,
  id uuid not null,
  route text not null check (length(route) <= 80),
  purpose text not null check (length(purpose) <= 30),
  -- Who may decide holds this.
  permission text not null check (length(permission) <= 60),
  digest text not null check (length(digest) <= 64),
  idempotency_key text check (length(idempotency_key) <= 64),
  state text not null check (state in ('pending', 'approved', 'refused', 'cancelled', 'done')),
  summary text not null check (length(summary) <= 200),
  summary_en text not null check (length(summary_en) <= 200),
  link text check (length(link) <= 200),
  asked_by_id uuid not null,
  asked_by text not null check (length(asked_by) <= 200),
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  decided_by_id uuid,
  decided_by text check (length(decided_by) <= 200),
  decided_at timestamptz,
  reason text not null default '' check (length(reason) <= 200),
  done_at timestamptz,
  primary key (shop_id, id),
  check (decided_by_id is distinct from asked_by_id)
);
call app.protect('approvals', 'shop_id');
create index approvals_call on approvals (shop_id, asked_by_id, digest, id desc);
create index approvals_pending on approvals (shop_id, permission) where state = 'pending';
