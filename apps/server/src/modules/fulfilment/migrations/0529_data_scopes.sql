-- Parcels and waves of the warehouses that staff with data scopes see; a parcel also needs an order of theirs in it.
call app.narrow_by_order('parcel_lines');
call app.narrow('parcels',
  'exists (select from app.data_scopes() s where s.warehouse_ids is null or parcels.warehouse_id = any(s.warehouse_ids)) and exists (select from parcel_lines seen where seen.shop_id = parcels.shop_id and seen.parcel_id = parcels.id)',
  'exists (select from app.data_scopes() s where s.warehouse_ids is null or parcels.warehouse_id = any(s.warehouse_ids))');
call app.narrow('waves', 'exists (select from app.data_scopes() s where s.warehouse_ids is null or waves.warehouse_id = any(s.warehouse_ids))');
call app.narrow('sku_bins', 'exists (select from app.data_scopes() s where s.warehouse_ids is null or sku_bins.warehouse_id = any(s.warehouse_ids))');
call app.narrow('prints', 'exists (select from parcels seen where seen.shop_id = prints.shop_id and seen.id = prints.subject_id) or exists (select from waves seen where seen.shop_id = prints.shop_id and seen.id = prints.subject_id)');
call app.narrow('ship_files', $$created_by->>'id' = app.staff_id()$$);
call app.narrow('ship_rows', 'exists (select from ship_files seen where seen.shop_id = ship_rows.shop_id and seen.id = ship_rows.file_id)');
