-- Spreadsheet imports. Rows are staged first, so that an import can be previewed, run in chunks and resumed.

create table import_jobs (
  shop_id uuid not null,
  id uuid not null,
  file_name text not null check (length(file_name) <= 200),
  -- The uploaded zip, when pictures came with it.
  file_id uuid,
  state text not null check (state in ('reading', 'mapping', 'running', 'done', 'failed', 'cancelled')),
  encoding text,
  sheet text,
  columns jsonb not null,
  signature text not null,
  mapping jsonb not null,
  mapping_remembered boolean not null,
  options jsonb not null,
  sample jsonb not null,
  total_rows integer not null default 0,
  done_rows integer not null default 0,
  created_products integer not null default 0,
  updated_products integer not null default 0,
  refused_rows integer not null default 0,
  -- Whether rows of one product have been brought together (import_rows.group_line).
  grouped boolean not null default false,
  -- The group_line up to which everything is done: moved in the transaction that does it.
  position integer not null default 0,
  -- Failures since the last progress.
  attempts integer not null default 0,
  failure text,
  actor jsonb not null,
  created_at timestamptz not null,
  progressed_at timestamptz not null,
  finished_at timestamptz,
  primary key (shop_id, id)
);
create index import_jobs_open on import_jobs (progressed_at) where state in ('reading', 'running');
call app.protect('import_jobs', 'shop_id');

create table import_rows (
  shop_id uuid not null,
  import_id uuid not null,
  -- The row's number in the spreadsheet.
  line integer not null,
  -- The line of the first row of the same product.
  group_line integer not null,
  cells jsonb not null,
  primary key (shop_id, import_id, line),
  foreign key (shop_id, import_id) references import_jobs (shop_id, id) on delete cascade
);
create index import_rows_group on import_rows (shop_id, import_id, group_line, line);
call app.protect('import_rows', 'shop_id');

-- Rows that were not taken, and (taken) what did not come about although the row was.
create table import_refusals (
  shop_id uuid not null,
  import_id uuid not null,
  line integer not null,
  number bigint generated always as identity,
  column_name text,
  value text not null,
  reason text not null,
  taken boolean not null,
  primary key (shop_id, import_id, line, number),
  foreign key (shop_id, import_id) references import_jobs (shop_id, id) on delete cascade
);
call app.protect('import_refusals', 'shop_id');

-- Pictures that imported products wait for.
create table import_pictures (
  shop_id uuid not null,
  import_id uuid not null,
  product_id uuid not null,
  place integer not null,
  line integer not null,
  source text not null check (length(source) <= 1000),
  file_id uuid,
  state text not null check (state in ('waiting', 'here', 'failed', 'used')),
  primary key (shop_id, import_id, product_id, place),
  foreign key (shop_id, import_id) references import_jobs (shop_id, id) on delete cascade
);
create index import_pictures_waiting on import_pictures (shop_id, import_id, line, place) where state = 'waiting';
call app.protect('import_pictures', 'shop_id');

-- The mapping last used for files with the same columns.
create table import_mappings (
  shop_id uuid not null,
  signature text not null,
  mapping jsonb not null,
  used_at timestamptz not null,
  primary key (shop_id, signature)
);
call app.protect('import_mappings', 'shop_id');

-- Addresses that pictures were fetched from, so that importing again does not fetch again.
create table picture_sources (
  shop_id uuid not null,
  digest text not null,
  file_id uuid not null,
  fetched_at timestamptz not null,
  primary key (shop_id, digest)
);
call app.protect('picture_sources', 'shop_id');
