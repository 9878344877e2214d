-- What went wrong with orders on their way. `subject` is what it is about (a parcel, a SKU, the order); `mark` tells one
-- happening of it from the next, so that a sweep opens each once, ever.
create table order_exceptions (
  shop_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  order_no text not null check (length(order_no) <= 32),
  version integer not null check (version > 0),
  kind text not null check (kind in ('stalled-parcel', 'problem-parcel', 'shortage', 'address-change', 'hold',
    'late-shipment', 'promise-risk', 'overdue-pick-up')),
  state text not null check (state in ('open', 'waiting-buyer', 'resolved')),
  subject uuid not null,
  mark text not null check (length(mark) <= 64),
  title text not null check (length(title) <= 100),
  detail text not null check (length(detail) <= 300),
  -- What the kind needs: the offered substitute with its reservation, the sealed address asked for.
  data jsonb not null,
  owner_id uuid,
  owner_name text not null default '' check (length(owner_name) <= 200),
  opened_at timestamptz not null,
  due_at timestamptz,
  resolved_at timestamptz,
  resolution text not null default '' check (length(resolution) <= 200),
  primary key (shop_id, id),
  constraint order_exceptions_once unique (shop_id, kind, subject, mark)
);
create unique index order_exceptions_open on order_exceptions (shop_id, kind, order_id, subject) where state <> 'resolved';
create index order_exceptions_order on order_exceptions (shop_id, order_id);
create index order_exceptions_due on order_exceptions (due_at) where state <> 'resolved' and due_at is not null;
create index order_exceptions_list on order_exceptions
  (shop_id, (state = 'resolved'), (coalesce(due_at, 'infinity'::timestamptz)), id);
call app.protect('order_exceptions', 'shop_buyer');

create table order_exception_history (
  shop_id uuid not null,
  exception_id uuid not null,
  buyer_id uuid not null,
  number integer not null,
  at timestamptz not null,
  text text not null check (length(text) <= 300),
  actor text not null check (length(actor) <= 200),
  primary key (shop_id, exception_id, number)
);
call app.protect('order_exception_history', 'shop_buyer');
