-- Staff whose roles name warehouses see these; stock also follows the goods.
call app.narrow('warehouses', 'exists (select from app.data_scopes() s where s.warehouse_ids is null or warehouses.id = any(s.warehouse_ids))');
call app.narrow('stock_places', 'exists (select from app.data_scopes() s where s.warehouse_ids is null or stock_places.warehouse_id = any(s.warehouse_ids)) and exists (select from skus seen where seen.shop_id = stock_places.shop_id and seen.id = stock_places.sku_id)');
call app.narrow('stock_movements', 'exists (select from app.data_scopes() s where s.warehouse_ids is null or stock_movements.warehouse_id = any(s.warehouse_ids)) and exists (select from skus seen where seen.shop_id = stock_movements.shop_id and seen.id = stock_movements.sku_id)');
