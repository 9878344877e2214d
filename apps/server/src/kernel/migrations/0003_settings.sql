-- Values that differ from a setting's default. The platform's rows stand under its own shop id; scope_id is the
-- platform's id, the shop's or the campaign's. A setting that was reset keeps its row with no value, so that its
-- version never runs backwards.
create table settings (
  shop_id uuid not null,
  scope_id uuid not null,
  name text not null check (length(name) <= 128),
  value jsonb,
  version integer not null check (version > 0),
  updated_at timestamptz not null,
  updated_by jsonb not null,
  primary key (shop_id, scope_id, name)
);
call app.protect('settings', 'shop_id');
create policy platform_readable on settings for select using (shop_id = '00000000-0000-0000-0000-000000000000');

create table settings_history (
  shop_id uuid not null,
  scope_id uuid not null,
  name text not null,
  version integer not null,
  old_value jsonb,
  new_value jsonb,
  changed_at timestamptz not null,
  changed_by jsonb not null,
  primary key (shop_id, scope_id, name, version)
);
call app.protect('settings_history', 'shop_id');
