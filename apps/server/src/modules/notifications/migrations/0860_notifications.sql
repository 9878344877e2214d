-- How many messages of a template a buyer still allows. WeChat counts the same: one acceptance is one message.
create table notice_grants (
  shop_id uuid not null,
  buyer_id uuid not null,
  template_id text not null check (length(template_id) between 1 and 64),
  remaining int not null check (remaining >= 0),
  updated_at timestamptz not null,
  primary key (shop_id, buyer_id, template_id)
);
create index notice_grants_buyer on notice_grants (buyer_id);
call app.protect('notice_grants', 'shop_buyer');

-- Messages to buyers. Written with the event that causes them, sent afterwards; what they are about names each once.
create table notices (
  shop_id uuid not null,
  id uuid not null,
  buyer_id uuid not null,
  kind text not null check (kind in ('order-shipped', 'refund-done', 'restock')),
  -- Id of the parcel or order, or of the event that says that goods came in.
  about uuid not null,
  -- An order number or a product, in words for staff.
  subject text not null,
  template_id text not null,
  -- Where a tap on the message leads in the mini program.
  page text not null,
  -- What there is to say, by the words that the settings name.
  facts jsonb not null,
  state text not null check (state in ('waiting', 'sent', 'not-allowed', 'failed')),
  attempts int not null default 0,
  check_at timestamptz,
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (shop_id, id),
  constraint notices_once unique (shop_id, kind, about),
  check ((state = 'waiting') = (check_at is not null)),
  check ((state = 'sent') = (sent_at is not null))
);
create index notices_due on notices (check_at) where state = 'waiting';
create index notices_list on notices (shop_id, created_at desc, id desc);
create index notices_buyer on notices (buyer_id);
call app.protect('notices', 'shop_buyer');
