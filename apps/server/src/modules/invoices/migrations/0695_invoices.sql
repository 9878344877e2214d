-- Requests for invoices 发票 of orders, and what became of them. One of an order is asked for or issued at a time.
create table invoices (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  order_no text not null check (length(order_no) <= 32),
  buyer_id uuid not null,
  state text not null check (state in ('asked', 'issued', 'refused', 'withdrawn', 'reversed')),
  kind text not null check (kind in ('company', 'person')),
  type text not null check (type in ('ordinary', 'special')),
  title text not null check (length(title) between 1 and 100),
  tax_no text not null default '' check (length(tax_no) in (0, 18)),
  -- What the invoice says; until it is issued, what the order is worth is reckoned anew each time.
  amount_fen bigint check (amount_fen > 0),
  number text check (length(number) <= 20),
  issued_on date,
  link text check (length(link) <= 500),
  pictures uuid[] not null default '{}',
  -- Money went back after it was issued.
  must_reverse boolean not null default false,
  reversed_by text check (length(reversed_by) <= 20),
  reason text not null default '' check (length(reason) <= 100),
  asked_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by text not null default '' check (length(changed_by) <= 200),
  primary key (shop_id, id),
  check (kind = 'company' or (type = 'ordinary' and tax_no = '')),
  check (state not in ('issued', 'reversed') or (amount_fen is not null and number is not null and issued_on is not null))
);
create unique index invoices_open on invoices (shop_id, order_id) where state in ('asked', 'issued');
create unique index invoices_number on invoices (shop_id, number) where number is not null;
create unique index invoices_reversed_by on invoices (shop_id, reversed_by) where reversed_by is not null;
create index invoices_list on invoices (shop_id, asked_at desc, id desc);
create index invoices_due on invoices (shop_id) where state = 'asked' or must_reverse;
create index invoices_order on invoices (shop_id, order_id);
create index invoices_buyer on invoices (buyer_id);
call app.protect('invoices', 'shop_buyer');
call app.narrow_by_order('invoices');
