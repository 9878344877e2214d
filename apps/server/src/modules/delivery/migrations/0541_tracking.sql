-- Where each parcel is, as its carrier tells.
create table parcel_tracks (
  shop_id uuid not null,
  shipment_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  carrier_code text not null check (length(carrier_code) <= 10),
  tracking_no text not null check (length(tracking_no) <= 40),
  phone_tail text not null check (length(phone_tail) <= 4),
  state text not null check (state in
    ('waiting', 'collected', 'in-transit', 'delivering', 'signed', 'problem', 'returned')),
  following text not null check (following in ('asking', 'following', 'ended', 'unsupported', 'failed', 'off')),
  attempts integer not null default 0,
  -- When the aggregator is asked next.
  check_at timestamptz,
  last_error text check (length(last_error) <= 500),
  shipped_at timestamptz not null,
  moved_at timestamptz,
  signed_at timestamptz,
  primary key (shop_id, shipment_id)
);
create index parcel_tracks_due on parcel_tracks (check_at) where check_at is not null;
create index parcel_tracks_order on parcel_tracks (shop_id, order_id);
create index parcel_tracks_moving on parcel_tracks ((coalesce(moved_at, shipped_at)))
  where following in ('following', 'failed') and state in ('waiting', 'collected', 'in-transit', 'delivering');
call app.protect('parcel_tracks', 'shop_buyer');

create table parcel_events (
  shop_id uuid not null,
  shipment_id uuid not null,
  buyer_id uuid not null,
  at timestamptz not null,
  digest text not null check (length(digest) <= 44),
  state text not null,
  text text not null check (length(text) <= 300),
  area text not null check (length(area) <= 60),
  seen_at timestamptz not null,
  primary key (shop_id, shipment_id, at, digest)
);
call app.protect('parcel_events', 'shop_buyer');
