-- Messages to buyers of staff with data scopes: those whose buyer has an order they see.
call app.narrow('notices', 'exists (select from orders seen where seen.shop_id = notices.shop_id and seen.buyer_id = notices.buyer_id)');
