-- Rows as statements are given them (kernel/row-array.ts).
create type app.order_key as (shop_id uuid, buyer_id uuid, key text);
create type app.new_order as (shop_id uuid, id uuid, buyer_id uuid, order_no text, idempotency_key text,
  request_digest text, goods_fen bigint, discount_fen bigint, freight_fen bigint, total_fen bigint, item_count integer,
  address_sealed text, receiver_masked text, phone_masked text, phone_hash text, province text, city text,
  district text, buyer_note text, pay_before timestamptz, routing jsonb, warehouse_ids uuid[], pick_up_point_id uuid,
  channel_account_id uuid);
create type app.new_order_line as (shop_id uuid, order_id uuid, buyer_id uuid, line smallint, sku_id uuid,
  product_id uuid, title text, options text, picture_file_id uuid, quantity integer, unit_price_fen bigint,
  pay_total_fen bigint, unit_pay_runs jsonb, allocations jsonb, price_note text);

-- The first step of every order says nothing that the order does not say: it is read from there, and the timeline has
-- the steps from the second on.
select set_config('app.scope', 'system', true);
delete from order_timeline where version = 1;
alter table order_timeline add check (version > 1);
create view order_steps with (security_invoker = true) as
  select shop_id, order_id, buyer_id, version, at, event, text, actor_kind, actor_name from order_timeline
  union all
  select shop_id, id, buyer_id, 1, placed_at, 'placed', '提交订单', 'buyer', '' from orders;

-- Why an order went where it did, in fewer words: names of rules stand with their version, and what is usual is left
-- out (modules/fulfilment/packed-routing.ts).
update orders set routing = jsonb_strip_nulls(jsonb_build_object(
  'v', routing->'version',
  'channel', routing->'channel',
  'level', routing->'buyerLevel',
  'warehouses', nullif(routing->'warehouseIds', '[]'),
  'split', nullif(routing->'split', '"together"'),
  'carrier', routing->'carrier',
  'service', routing->'service',
  'prePack', nullif(routing->'prePack', 'false'),
  'notes', nullif(routing->'packingNotes', '[]'),
  'rules', (select coalesce(jsonb_agg(jsonb_build_array(
      array_position(array['matched', 'not-matched', 'disabled', 'not-reached'], rule->>'outcome') - 1, rule->'because')
    || case when rule->'overruled' = '[]' then '[]'::jsonb else jsonb_build_array(rule->'overruled') end order by place), '[]')
    from jsonb_array_elements(routing->'rules') with ordinality as each(rule, place)),
  'hit', (select jsonb_agg(rule->'ruleId') from jsonb_array_elements(routing->'rules') rule where rule->>'outcome' = 'matched'),
  'parts', (select coalesce(jsonb_agg(jsonb_build_array(part->'warehouseId', part->'units') order by place), '[]')
    from jsonb_array_elements(routing->'parts') with ordinality as each(part, place)),
  'said', routing->'sentences'))
where routing is not null;

-- Indexes that an order paid for as it was placed:
-- a buyer's orders are found by the unique key of shop, buyer and key, and sorted: one buyer has few;
drop index orders_buyer;
-- an order that waits to be paid is found among the unpaid ones alone, the others by their state.
drop index orders_unpaid;
create index orders_unpaid on orders (pay_before, shop_id) where state = 'awaiting-payment';
drop index orders_state;
create index orders_state on orders (shop_id, state, placed_at desc, id desc) where state <> 'awaiting-payment';
