-- What is to leave, or has left, in one box. A parcel has one warehouse and one receiver; usually one order, several
-- when orders of one buyer were merged. Waves are sets of parcels that are picked together.
create table waves (
  shop_id uuid not null,
  id uuid not null,
  code text not null check (length(code) between 1 and 20),
  name text not null check (length(name) <= 40),
  warehouse_id uuid not null,
  -- Follows from the parcels; see refreshWave.
  state text not null check (state in ('awaiting', 'picking', 'packed', 'shipped')),
  created_at timestamptz not null,
  created_by jsonb not null,
  primary key (shop_id, id),
  constraint waves_code unique (shop_id, code)
);
create index waves_state on waves (shop_id, state, id desc);
call app.protect('waves', 'shop_id');

create table parcels (
  shop_id uuid not null,
  id uuid not null,
  -- Order number and a number: the barcode on slip and label.
  code text not null check (length(code) between 1 and 40),
  state text not null check (state in ('awaiting', 'picking', 'packed', 'shipped', 'cancelled')),
  version integer not null check (version > 0),
  warehouse_id uuid not null,
  carrier_code text not null check (length(carrier_code) <= 10),
  service text check (length(service) <= 20),
  pre_pack boolean not null,
  packing_note text not null check (length(packing_note) <= 500),
  tracking_no text check (length(tracking_no) <= 40),
  wave_id uuid,
  -- When a packed parcel is handed over by itself; null when somebody has to look at it.
  hand_over_at timestamptz,
  packed_by jsonb,
  shipped_at timestamptz,
  problem text check (length(problem) <= 300),
  created_at timestamptz not null,
  primary key (shop_id, id),
  constraint parcels_code unique (shop_id, code),
  check ((state = 'packed' or state = 'shipped') = (tracking_no is not null))
);
create index parcels_state on parcels (shop_id, state, id desc);
create index parcels_wave on parcels (shop_id, wave_id) where wave_id is not null;
create index parcels_tracking on parcels (shop_id, tracking_no) where tracking_no is not null;
create index parcels_due on parcels (hand_over_at) where state = 'packed' and hand_over_at is not null;
call app.protect('parcels', 'shop_id');

create table parcel_lines (
  shop_id uuid not null,
  parcel_id uuid not null,
  order_id uuid not null,
  line smallint not null,
  sku_id uuid not null,
  quantity integer not null check (quantity > 0),
  primary key (shop_id, parcel_id, order_id, line)
);
create index parcel_lines_order on parcel_lines (shop_id, order_id);
call app.protect('parcel_lines', 'shop_id');

-- In which bin of a warehouse a SKU lies: the order of picking lists.
create table sku_bins (
  shop_id uuid not null,
  warehouse_id uuid not null,
  sku_id uuid not null,
  bin text not null check (length(bin) between 1 and 20),
  primary key (shop_id, warehouse_id, sku_id)
);
call app.protect('sku_bins', 'shop_id');

-- Who printed what. `subject_id` is the parcel's or the wave's.
create table prints (
  shop_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('picking', 'slip', 'label')),
  subject_id uuid not null,
  label text not null check (length(label) <= 60),
  nth integer not null check (nth > 0),
  printed_at timestamptz not null,
  printed_by text not null check (length(printed_by) <= 200),
  primary key (shop_id, id)
);
create index prints_subject on prints (shop_id, subject_id, kind);
call app.protect('prints', 'shop_id');

-- Uploaded spreadsheets with tracking numbers, and what became of each row.
create table ship_files (
  shop_id uuid not null,
  id uuid not null,
  file_name text not null check (length(file_name) <= 200),
  created_at timestamptz not null,
  created_by jsonb not null,
  primary key (shop_id, id)
);
call app.protect('ship_files', 'shop_id');

create table ship_rows (
  shop_id uuid not null,
  file_id uuid not null,
  line integer not null,
  -- A parcel's code or an order number, as it was written.
  code text not null check (length(code) <= 60),
  carrier_text text not null check (length(carrier_text) <= 60),
  carrier_code text check (length(carrier_code) <= 10),
  tracking_no text not null check (length(tracking_no) <= 60),
  state text not null check (state in ('ready', 'shipped', 'same', 'refused')),
  reason text not null check (length(reason) <= 300),
  primary key (shop_id, file_id, line),
  foreign key (shop_id, file_id) references ship_files (shop_id, id) on delete cascade
);
create index ship_rows_state on ship_rows (shop_id, file_id, state, line);
call app.protect('ship_rows', 'shop_id');
