-- Where an order was sent and why, as the routing rules decided when it was placed (see modules/fulfilment).
alter table orders add column routing jsonb;
