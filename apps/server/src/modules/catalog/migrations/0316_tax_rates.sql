-- VAT rates that differ from the shop's setting: of a category (and what is below it) or of all goods (null), from a
-- business day on. What was sold before that day keeps the rate it had.
create table tax_rates (
  shop_id uuid not null,
  id uuid not null,
  category_id uuid,
  from_day date not null,
  rate_bp integer not null check (rate_bp between 0 and 2000),
  created_at timestamptz not null,
  created_by text not null check (length(created_by) <= 200),
  primary key (shop_id, id),
  constraint tax_rates_day unique nulls not distinct (shop_id, category_id, from_day),
  foreign key (shop_id, category_id) references categories (shop_id, id) on delete cascade
);
call app.protect('tax_rates', 'shop_id');
