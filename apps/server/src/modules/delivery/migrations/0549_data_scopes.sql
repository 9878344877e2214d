-- Pick-up points that staff with data scopes see, and what belongs to their orders.
update orders o set pick_up_point_id = d.point_id from order_deliveries d
  where d.shop_id = o.shop_id and d.order_id = o.id and d.point_id is not null;
call app.narrow('pick_up_points', 'exists (select from app.data_scopes() s where s.point_ids is null or pick_up_points.id = any(s.point_ids))');
call app.narrow_by_order('order_deliveries');
call app.narrow_by_order('order_notices');
call app.narrow_by_order('parcel_tracks');
call app.narrow('parcel_events', 'exists (select from parcel_tracks seen where seen.shop_id = parcel_events.shop_id and seen.shipment_id = parcel_events.shipment_id)');
