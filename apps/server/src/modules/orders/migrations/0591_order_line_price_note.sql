-- Why a line cost what it did (member price, scheduled price …), in words, as it was when the order was placed.
alter table order_lines add column price_note text not null default '';
