-- Buyers are also told of parcels that come, of goods that wait for them, of what became of their order,
-- and that a review would be welcome.
alter table notices drop constraint notices_kind_check;
alter table notices add constraint notices_kind_check
  check (kind in ('order-shipped', 'parcel-news', 'pick-up', 'order-news', 'refund-done', 'review-wanted', 'restock'));
-- The outbox screen counts by kind and looks for the messages of one order.
create index notices_subject on notices (shop_id, subject, created_at desc);
