-- How often an unpaid order was given more time: each time reserves anew, under a name of its own.
alter table order_purchase_limits add column round smallint not null default 0 check (round >= 0);
