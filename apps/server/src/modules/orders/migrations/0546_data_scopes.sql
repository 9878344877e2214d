-- Where an order's units are reserved, where it is fetched, and whose link brought the buyer: by these, staff with data
-- scopes see orders. Frozen when it is placed; the warehouses follow when its units move.
alter table orders
  add column warehouse_ids uuid[] not null default '{}',
  add column pick_up_point_id uuid,
  add column channel_account_id uuid;
update orders o set
  warehouse_ids = coalesce((select array_agg(distinct (part->>'warehouseId')::uuid) from order_lines l, jsonb_array_elements(l.allocations) part
    where l.shop_id = o.shop_id and l.order_id = o.id), '{}');
create index orders_channel_account on orders (shop_id, channel_account_id, placed_at desc, id desc) where channel_account_id is not null;

call app.narrow('orders', 'exists (select from app.data_scopes() s where (s.warehouse_ids is null or orders.warehouse_ids && s.warehouse_ids) and (s.point_ids is null or orders.pick_up_point_id = any(s.point_ids)) and (s.account_ids is null or orders.channel_account_id = any(s.account_ids)))');
call app.narrow_by_order('order_lines');
call app.narrow_by_order('order_adjustments');
call app.narrow_by_order('order_timeline');
call app.narrow_by_order('shipments');
call app.narrow('shipment_lines', 'exists (select from shipments seen where seen.shop_id = shipment_lines.shop_id and seen.id = shipment_lines.shipment_id)');
