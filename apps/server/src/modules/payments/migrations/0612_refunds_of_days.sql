-- What went back on a day: refunds of whole orders and of parts of them, not money that no order took.
drop index refunds_finished_at;
create index refunds_finished_at on refunds (shop_id, finished_at) where state = 'succeeded' and (settles_order or part_of_order);
