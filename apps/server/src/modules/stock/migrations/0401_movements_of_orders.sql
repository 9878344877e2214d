-- Nobody looks movements up by their order; the index only made orders slower.
drop index stock_movements_order;
