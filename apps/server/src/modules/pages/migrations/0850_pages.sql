-- Pages that the shop has designed: one row each, with the draft that is being worked on. What buyers see is decided by
-- the showings alone.
create table pages (
  shop_id uuid not null,
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
  title text not null check (length(title) between 1 and 30),
  description text not null check (length(description) <= 120),
  layout jsonb not null,
  -- Counts every change of the draft: editors say which one they have seen.
  revision integer not null default 1,
  -- The version that the draft is the same as, if any.
  same_as integer,
  last_version integer not null default 0,
  draft_at timestamptz not null,
  draft_by jsonb not null,
  created_at timestamptz not null,
  primary key (shop_id, id),
  constraint pages_slug unique (shop_id, slug)
);
create index pages_newest on pages (shop_id, created_at desc, id desc);
call app.protect('pages', 'shop_id');

-- What was published, and drafts that would have been lost. Never changed.
create table page_versions (
  shop_id uuid not null,
  page_id uuid not null,
  number integer not null,
  kind text not null check (kind in ('published', 'kept')),
  title text not null,
  description text not null,
  layout jsonb not null,
  note text not null check (length(note) <= 60),
  created_at timestamptz not null,
  created_by jsonb not null,
  primary key (shop_id, page_id, number)
);
call app.protect('page_versions', 'shop_id');

-- Which version is shown when: [starts_at, ends_at). Of those that hold at an instant, one with an end goes before one
-- without, then the later start counts. Without a version the page is taken down.
create table page_showings (
  shop_id uuid not null,
  id uuid not null,
  page_id uuid not null,
  version_number integer,
  starts_at timestamptz not null,
  ends_at timestamptz,
  created_at timestamptz not null,
  created_by jsonb not null,
  primary key (shop_id, id),
  check (ends_at is null or ends_at > starts_at)
);
create index page_showings_by_start on page_showings (shop_id, page_id, starts_at desc, id desc);
call app.protect('page_showings', 'shop_id');

-- Whoever could change everything, or what is sold, designs pages as well.
select set_config('app.scope', 'system', true);
update roles set permissions = permissions || array['pages.read', 'pages.write']
where not 'pages.write' = any(permissions)
  and ('settings.write' = any(permissions) or (built_in and name = '运营'));
