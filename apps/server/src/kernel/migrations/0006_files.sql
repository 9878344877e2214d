-- Uploaded files: what they are; the bytes lie in the file store under a name made of shop and id.
create table files (
  shop_id uuid not null,
  id uuid not null,
  sha256 text not null check (length(sha256) = 64),
  kind text not null check (kind in ('image', 'video', 'document')),
  content_type text not null check (length(content_type) <= 100),
  size_bytes bigint not null check (size_bytes > 0),
  -- As the uploader called it; shown to people, never part of a path.
  name text not null check (length(name) <= 200),
  visibility text not null check (visibility in ('public', 'private')),
  width integer,
  height integer,
  animated boolean not null default false,
  created_at timestamptz not null,
  created_by jsonb not null,
  primary key (shop_id, id),
  unique (shop_id, sha256, visibility)
);
create index files_id on files (id);
call app.protect('files', 'shop_id');
