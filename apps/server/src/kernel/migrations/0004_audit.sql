-- Who did what to what. Rows of one shop form a chain: each carries the hash of the one before it.
create table audit_log (
  shop_id uuid not null,
  number bigint not null check (number > 0),
  id uuid not null,
  at timestamptz not null,
  actor_kind text not null check (length(actor_kind) <= 32),
  actor_id text check (length(actor_id) <= 64),
  actor_name text check (length(actor_name) <= 200),
  action text not null check (length(action) <= 128),
  entity text not null check (length(entity) <= 64),
  entity_id text not null check (length(entity_id) <= 128),
  summary text not null check (length(summary) <= 500),
  before jsonb,
  after jsonb,
  ip text check (length(ip) <= 45),
  request_id text check (length(request_id) <= 128),
  prev_hash text not null,
  hash text not null,
  primary key (shop_id, number)
);
create index audit_log_entity on audit_log (shop_id, entity, entity_id, number desc);
create index audit_log_actor on audit_log (shop_id, actor_id, number desc);
create index audit_log_at on audit_log (shop_id, at);
call app.protect('audit_log', 'shop_id');

create function app.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;
create trigger audit_log_append_only before update or delete on audit_log
  for each row execute function app.refuse_change();
create trigger audit_log_no_truncate before truncate on audit_log
  for each statement execute function app.refuse_change();
