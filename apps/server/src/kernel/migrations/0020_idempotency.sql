create table idempotency_keys (
  shop_id uuid not null,
  caller_id uuid not null,
  route text not null,
  key text not null,
  request_digest text not null,
  answer jsonb,
  created_at timestamptz not null,
  primary key (shop_id, caller_id, route, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);
call app.protect('idempotency_keys', 'shop_id');
