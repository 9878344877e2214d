-- Roles reach the whole shop, or a part of it: only these warehouses, pick-up points, channel accounts, categories. A
-- dimension that is not named is open. See DataScope in the contract.
alter table roles add column scope jsonb not null default '{}';

-- Who a transaction works for, beside the shop: a member of staff whose roles see a part of it. Both are set by the
-- server at the start of every transaction that such a person's request makes, also of those in the scope `system`; the
-- program's own work has none.
create function app.unscoped() returns boolean language sql stable parallel safe
as $$ select coalesce(current_setting('app.data_scopes', true), '') = '' $$;

create function app.data_scopes()
returns table (warehouse_ids uuid[], category_ids uuid[], account_ids uuid[], point_ids uuid[])
language sql stable parallel safe rows 2 as $$
  select * from jsonb_to_recordset(nullif(current_setting('app.data_scopes', true), '')::jsonb)
    as s(warehouse_ids uuid[], category_ids uuid[], account_ids uuid[], point_ids uuid[])
$$;

create function app.staff_id() returns text language sql stable parallel safe
as $$ select current_setting('app.staff_id', true) $$;

-- Narrows a table to what staff with data scopes may see. `seen` is a condition on the table's columns (and on
-- app.data_scopes()); `written` one that new rows must meet, the same unless told. Restrictive: it only takes away from
-- what the tenant's wall lets through, whatever a query forgets.
create procedure app.narrow(target regclass, seen text, written text default null) language plpgsql as $$
begin
  execute format('create policy data_scope on %s as restrictive using ((select app.unscoped()) or (%s)) with check ((select app.unscoped()) or (%s))',
    target, seen, coalesce(written, seen));
end $$;

-- Narrows a table whose rows belong to an order to those whose order is seen.
create procedure app.narrow_by_order(target regclass) language plpgsql as $$
begin
  call app.narrow(target, format('exists (select from orders seen where seen.shop_id = %1$s.shop_id and seen.id = %1$s.order_id)', target));
end $$;
