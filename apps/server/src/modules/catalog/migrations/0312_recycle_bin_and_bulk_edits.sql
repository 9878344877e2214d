-- The recycle bin: a product in it is off sale and in no list. `hidden_at`: its time in the bin is over, but orders or
-- stock name it, so that it stays, out of sight.
alter table products add column deleted_at timestamptz, add column deleted_by jsonb, add column hidden_at timestamptz;
alter table products add constraint products_deleted_off_sale check (deleted_at is null or state <> 'on-sale');
create index products_deleted on products (shop_id, deleted_at desc, id desc) where deleted_at is not null and hidden_at is null;

-- Changes made to many products at once. Products are listed first, so that the work can be resumed, told, undone.
create table bulk_edits (
  shop_id uuid not null,
  id uuid not null,
  change jsonb not null,
  summary text not null,
  state text not null check (state in ('running', 'done', 'undoing', 'undone')),
  total integer not null,
  done integer not null default 0,
  changed integer not null default 0,
  refused integer not null default 0,
  undone integer not null default 0,
  actor jsonb not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (shop_id, id)
);
create index bulk_edits_newest on bulk_edits (shop_id, created_at desc, id desc);
create index bulk_edits_open on bulk_edits (created_at) where state in ('running', 'undoing');
call app.protect('bulk_edits', 'shop_id');

create table bulk_edit_items (
  shop_id uuid not null,
  bulk_edit_id uuid not null,
  number integer not null,
  product_id uuid not null,
  state text not null default 'waiting' check (state in ('waiting', 'changed', 'same', 'refused', 'undone', 'kept')),
  title text not null default '',
  -- Why it was refused, or why it was not taken back.
  reason text not null default '',
  -- The product's version that the edit made.
  version integer,
  primary key (shop_id, bulk_edit_id, number),
  foreign key (shop_id, bulk_edit_id) references bulk_edits (shop_id, id) on delete cascade
);
create index bulk_edit_items_state on bulk_edit_items (shop_id, bulk_edit_id, state, number);
call app.protect('bulk_edit_items', 'shop_id');
