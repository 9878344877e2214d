-- Buyers of staff with data scopes are those with an order they see.
call app.narrow('memberships', 'exists (select from orders seen where seen.shop_id = memberships.shop_id and seen.buyer_id = memberships.buyer_id)');
