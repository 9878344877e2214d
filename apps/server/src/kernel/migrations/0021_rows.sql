-- Rows as statements are given them, in binary form (kernel/row-array.ts). A type stays as it is for good: other columns
-- are another type, since a process of the last version may still be sending this one.
create type app.row_key as (shop_id uuid, id uuid);
create type app.new_event as (shop_id uuid, id uuid, aggregate text, aggregate_id uuid, payload jsonb, actor jsonb,
  occurred_at timestamptz);
