-- What goes back of an order that goes on: units that are missing, and what a substitute costs less. Decided, whether
-- or not the money has arrived.
alter table orders add column part_refund_fen bigint not null default 0
  check (part_refund_fen >= 0 and part_refund_fen <= paid_fen);
