-- A refund of a part of an order that goes on; others return a whole order, or money that no order took.
alter table refunds add column part_of_order boolean not null default false;
