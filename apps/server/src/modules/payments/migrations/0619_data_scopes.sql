call app.narrow_by_order('payments');
call app.narrow_by_order('refunds');
call app.narrow_by_order('shipment_reports');
