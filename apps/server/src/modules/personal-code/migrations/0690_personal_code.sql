-- Money received by a personal receive code 个人收款码: written down by hand, with evidence. Never WeChat's channel money.
create table personal_codes (
  shop_id uuid not null,
  id uuid not null,
  scheme text not null check (scheme in ('personal', 'business', 'reward')),
  label text not null check (length(label) <= 30),
  payee text not null check (length(payee) <= 30),
  file_id uuid not null,
  single_limit_fen bigint not null check (single_limit_fen > 0),
  active boolean not null,
  version integer not null check (version > 0),
  changed_at timestamptz not null,
  changed_by text not null check (length(changed_by) <= 200),
  primary key (shop_id, id)
);
call app.protect('personal_codes', 'shop_id');

-- One attempt to pay an order by a code. Shown (open) → the buyer says it is paid (waiting) → confirmed or refused by
-- staff; closed when the order went another way before the buyer said so.
create table personal_payments (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  order_no text not null check (length(order_no) <= 32),
  buyer_id uuid not null,
  attempt smallint not null check (attempt between 1 and 99),
  code_id uuid not null,
  -- The code as it was when it was shown.
  scheme text not null check (scheme in ('personal', 'business', 'reward')),
  code_label text not null check (length(code_label) <= 30),
  payee text not null check (length(payee) <= 30),
  file_id uuid not null,
  state text not null check (state in ('open', 'waiting', 'confirmed', 'refused', 'closed')),
  amount_fen bigint not null check (amount_fen > 0),
  -- The day whose limit the amount is promised in, and counted in once it was received.
  day date not null,
  note text not null default '' check (length(note) <= 100),
  evidence uuid[] not null default '{}',
  opened_at timestamptz not null,
  claimed_at timestamptz,
  check_before timestamptz,
  received_fen bigint check (received_fen > 0),
  received_at timestamptz,
  transaction_no text check (length(transaction_no) <= 40),
  -- Whether the order took it; what it could not take is owed back (personal_refunds).
  taken boolean,
  checked_at timestamptz,
  checked_by text not null default '' check (length(checked_by) <= 200),
  refuse_reason text not null default '' check (length(refuse_reason) <= 100),
  staff_evidence uuid[] not null default '{}',
  primary key (shop_id, id),
  constraint personal_payments_attempt unique (shop_id, order_id, attempt),
  check (state <> 'confirmed' or (received_fen is not null and received_at is not null and transaction_no is not null
    and taken is not null))
);
create unique index personal_payments_no on personal_payments (shop_id, transaction_no) where transaction_no is not null;
create unique index personal_payments_open on personal_payments (shop_id, order_id) where state in ('open', 'waiting');
create index personal_payments_list on personal_payments (shop_id, opened_at desc, id desc);
create index personal_payments_waiting on personal_payments (shop_id) where state = 'waiting';
create index personal_payments_day on personal_payments (shop_id, day desc) where state = 'confirmed';
create index personal_payments_buyer on personal_payments (buyer_id);
call app.protect('personal_payments', 'shop_buyer');
call app.narrow_by_order('personal_payments');

-- Money that goes back by hand: owed, then recorded with its evidence.
create table personal_refunds (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  order_no text not null check (length(order_no) <= 32),
  payment_id uuid not null,
  buyer_id uuid not null,
  state text not null check (state in ('owed', 'recorded')),
  amount_fen bigint not null check (amount_fen > 0),
  reason text not null check (length(reason) <= 200),
  requested_by text not null check (requested_by in ('buyer', 'merchant', 'system')),
  -- The refund ends the order, or is a part of one that goes on; neither for money that no order took.
  settles_order boolean not null,
  part_of_order boolean not null,
  purpose text not null default '' check (length(purpose) <= 120),
  created_at timestamptz not null,
  transaction_no text check (length(transaction_no) <= 40),
  paid_at timestamptz,
  evidence uuid[] not null default '{}',
  recorded_at timestamptz,
  recorded_by text not null default '' check (length(recorded_by) <= 200),
  primary key (shop_id, id),
  foreign key (shop_id, payment_id) references personal_payments (shop_id, id),
  check (state <> 'recorded' or (transaction_no is not null and paid_at is not null and recorded_at is not null))
);
create unique index personal_refunds_no on personal_refunds (shop_id, transaction_no) where transaction_no is not null;
create index personal_refunds_payment on personal_refunds (shop_id, payment_id);
create index personal_refunds_order on personal_refunds (shop_id, order_id);
create index personal_refunds_list on personal_refunds (shop_id, (state = 'recorded'), created_at desc, id desc);
create index personal_refunds_buyer on personal_refunds (buyer_id);
call app.protect('personal_refunds', 'shop_buyer');
call app.narrow_by_order('personal_refunds');
-- For the turnover of a period.
create index personal_payments_received on personal_payments (shop_id, received_at) where state = 'confirmed' and taken;
create index personal_refunds_paid on personal_refunds (shop_id, paid_at) where state = 'recorded';
