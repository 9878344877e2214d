-- Saved views of the console's tables: filters, sorting and look under a name.
create table saved_views (
  shop_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  owner_name text not null check (length(owner_name) <= 200),
  list text not null check (length(list) <= 40),
  name text not null check (length(name) between 1 and 40),
  shared boolean not null,
  state jsonb not null,
  version integer not null check (version > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  constraint saved_views_name unique (shop_id, staff_id, list, name)
);
create index saved_views_list on saved_views (shop_id, list);
call app.protect('saved_views', 'shop_id');

-- The view a table opens with, for each member of staff.
create table saved_view_defaults (
  shop_id uuid not null,
  staff_id uuid not null,
  list text not null,
  view_id uuid not null,
  primary key (shop_id, staff_id, list),
  foreign key (shop_id, view_id) references saved_views (shop_id, id) on delete cascade
);
create index saved_view_defaults_view on saved_view_defaults (shop_id, view_id);
call app.protect('saved_view_defaults', 'shop_id');

-- What somebody may fetch as a file, for a while. The rows themselves are never kept: the file is written from the
-- list while it is fetched.
create table list_exports (
  shop_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  spec jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (shop_id, id)
);
create index list_exports_expired on list_exports (expires_at);
call app.protect('list_exports', 'shop_id');

-- What a shop has said about its own checklist; what is done is read from the shop itself.
create table onboarding (
  shop_id uuid not null primary key,
  dismissed_at timestamptz,
  skipped text[] not null default '{}'
);
call app.protect('onboarding', 'shop_id');

-- Notes that only the staff see, about an order, a product or a buyer; never changed, so that they are a history.
create table staff_notes (
  shop_id uuid not null,
  id uuid not null,
  entity text not null check (length(entity) <= 20),
  entity_id uuid not null,
  author_id uuid not null,
  author_name text not null check (length(author_name) <= 200),
  text text not null check (length(text) between 1 and 500),
  -- [{"id", "name"}, …] as they were called when the note was written.
  mentions jsonb not null,
  at timestamptz not null,
  primary key (shop_id, id)
);
create index staff_notes_entity on staff_notes (shop_id, entity, entity_id, id desc);
call app.protect('staff_notes', 'shop_id');

create table staff_note_mentions (
  shop_id uuid not null,
  staff_id uuid not null,
  note_id uuid not null,
  read_at timestamptz,
  primary key (shop_id, staff_id, note_id),
  foreign key (shop_id, note_id) references staff_notes (shop_id, id)
);
create index staff_note_mentions_note on staff_note_mentions (shop_id, note_id);
create index staff_note_mentions_unread on staff_note_mentions (shop_id, staff_id) where read_at is null;
call app.protect('staff_note_mentions', 'shop_id');
