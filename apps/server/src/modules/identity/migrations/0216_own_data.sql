-- What a buyer tells about themselves, what became of merged records, and accounts that end (GOV-08).
alter table buyers add column birthday_cipher text;
alter table buyers add column merged_at timestamptz;
-- Being deleted: nobody signs in and nothing is ordered any more.
alter table buyers add column closed_at timestamptz;
-- Personal data is gone; the row stays for the books.
alter table buyers add column erased_at timestamptz;
create index buyers_merged on buyers (merged_into) where merged_into is not null;
create index buyers_closed on buyers (buyer_id) where closed_at is not null;

-- An address that was removed can be taken back for a while, then it is deleted.
alter table buyer_addresses add column removed_at timestamptz;
create index buyer_addresses_removed on buyer_addresses (removed_at) where removed_at is not null;

-- Whoever sees orders sees their buyers; whoever writes about orders writes about buyers.
select set_config('app.scope', 'system', true);
update roles set permissions = permissions || array['customers.read']
where not 'customers.read' = any(permissions)
  and (shop_id <> '00000000-0000-0000-0000-000000000000') and 'orders.read' = any(permissions);
update roles set permissions = permissions || array['customers.write']
where not 'customers.write' = any(permissions)
  and (shop_id <> '00000000-0000-0000-0000-000000000000') and 'orders.write' = any(permissions);
