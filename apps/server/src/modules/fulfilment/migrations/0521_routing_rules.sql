-- The routing rules of a shop, every version of them; the highest is in force. A shop without any has the defaults.
create table routing_rules (
  shop_id uuid not null,
  version integer not null check (version > 0),
  rules jsonb not null,
  note text not null default '' check (length(note) <= 200),
  changed_at timestamptz not null,
  changed_by jsonb not null,
  primary key (shop_id, version)
);
call app.protect('routing_rules', 'shop_id');
create policy never_changed on routing_rules as restrictive for update using (false);
create policy never_removed on routing_rules as restrictive for delete using (false);
