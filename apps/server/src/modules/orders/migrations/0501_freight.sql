-- What delivery costs, by province. The rules are a list checked by the program; see modules/pricing.
create table freight_templates (
  shop_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 40),
  is_default boolean not null,
  version integer not null check (version > 0),
  basis text not null check (basis in ('piece', 'weight')),
  rules jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  constraint freight_templates_name unique (shop_id, name)
);
create unique index freight_templates_default on freight_templates (shop_id) where is_default;
call app.protect('freight_templates', 'shop_id');
