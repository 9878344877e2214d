-- Buyers of staff with data scopes are those with an order they see.
call app.narrow('shop_buyers', 'exists (select from orders seen where seen.shop_id = shop_buyers.shop_id and seen.buyer_id = shop_buyers.buyer_id)');
