-- Rows as statements are given them (kernel/row-array.ts).
create type app.new_transfer as (shop_id uuid, id uuid, debit uuid, credit uuid, amount bigint, unit text, code text,
  kind text, pending_id uuid, expires_at timestamptz, reference_type text, reference_id text, link_id uuid,
  link_size smallint, opened boolean, listed boolean);
create type app.account_delta as (shop_id uuid, id uuid, debits_pending bigint, debits_posted bigint,
  credits_pending bigint, credits_posted bigint);
