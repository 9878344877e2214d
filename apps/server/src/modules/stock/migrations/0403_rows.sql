-- Movements as their statement is given them (kernel/row-array.ts).
create type app.new_movement as (shop_id uuid, id uuid, at timestamptz, sku_id uuid, warehouse_id uuid, reason text,
  quantity integer, note text, actor_kind text, actor_id text, actor_name text, order_id uuid, order_no text);
