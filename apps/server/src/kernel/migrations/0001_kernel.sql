-- Row-level security: who a transaction works for, set by the server at its start.
create schema app;

create function app.is_system() returns boolean language sql stable parallel safe
as $$ select current_setting('app.scope', true) = 'system' $$;

create function app.shop_id() returns uuid language sql stable parallel safe
as $$ select nullif(current_setting('app.shop_id', true), '')::uuid $$;

create function app.buyer_id() returns uuid language sql stable parallel safe
as $$ select nullif(current_setting('app.buyer_id', true), '')::uuid $$;

-- Puts the wall up around a table and names its distribution key.
-- kind: 'shop_id' (one shop's rows), 'shop_buyer' (one shop's rows, and for a buyer only the buyer's own),
-- 'buyer_id' (one buyer's rows), 'reference' (everybody reads, system writes),
-- 'local' (system only, never distributed).
create procedure app.protect(target regclass, kind text) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  if kind = 'shop_id' then
    execute format('create policy tenant on %s using ((select app.is_system()) or shop_id = (select app.shop_id()))', target);
  elsif kind = 'shop_buyer' then
    execute format('create policy tenant on %s using ((select app.is_system()) or (shop_id = (select app.shop_id()) and ((select app.buyer_id()) is null or buyer_id = (select app.buyer_id()))))', target);
  elsif kind = 'buyer_id' then
    execute format('create policy tenant on %s using ((select app.is_system()) or buyer_id = (select app.buyer_id()))', target);
  elsif kind = 'reference' then
    execute format('create policy readable on %s for select using (true)', target);
    execute format('create policy writable on %s using ((select app.is_system()))', target);
  elsif kind = 'local' then
    execute format('create policy tenant on %s using ((select app.is_system()))', target);
  else
    raise exception 'unknown kind %', kind;
  end if;
  execute format('comment on table %s is %L', target, case kind when 'shop_id' then 'distribute: shop_id' when 'shop_buyer' then 'distribute: shop_id'
    when 'buyer_id' then 'distribute: buyer_id' else kind end);
end $$;
