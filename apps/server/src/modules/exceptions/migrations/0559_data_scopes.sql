call app.narrow_by_order('order_exceptions');
call app.narrow('order_exception_history', 'exists (select from order_exceptions seen where seen.shop_id = order_exception_history.shop_id and seen.id = order_exception_history.exception_id)');
