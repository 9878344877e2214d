-- Buyers are told what becomes of their refunds, returns and exchanges.
alter table notices drop constraint notices_kind_check;
alter table notices add constraint notices_kind_check check (kind in
  ('order-shipped', 'parcel-news', 'pick-up', 'order-news', 'refund-done', 'aftersale', 'review-wanted', 'restock'));
