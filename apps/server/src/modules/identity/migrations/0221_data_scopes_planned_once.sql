-- The condition of a narrowed table moves into a function of its own (app.sees_<table>), so that a statement is not
-- planned with everything that rows hang on: that had made planning several times slower for everybody, while only
-- staff with data scopes need it. The function takes the columns that the condition names, found by its dependencies,
-- and is planned once a connection, when such a person first looks.
create or replace procedure app.narrow(target regclass, seen text, written text default null) language plpgsql as $$
declare
  name text := (select relname from pg_class where oid = target);
  columns text[];
  taken text;
  given text;
  named text;
begin
  execute format('create policy data_scope on %s using (%s)', target, seen);
  select array_agg(a.attname order by a.attnum),
    string_agg(format('%s %s', quote_ident('own_' || a.attname), format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum),
    string_agg(quote_ident(a.attname), ', ' order by a.attnum),
    string_agg(format('%s as %s', quote_ident('own_' || a.attname), quote_ident(a.attname)), ', ' order by a.attnum)
  into columns, taken, given, named
  from pg_depend d
  join pg_policy p on p.oid = d.objid and p.polrelid = target and p.polname = 'data_scope'
  join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = target and d.refobjsubid > 0;
  execute format('drop policy data_scope on %s', target);
  if columns is null then
    raise exception 'the condition of % names none of its columns', target;
  end if;
  execute format($f$
    create or replace function app.%I(%s) returns boolean language plpgsql stable parallel safe as $body$
    begin
      return exists (select from (select %s) as %I where %s);
    end $body$ $f$, 'sees_' || name, taken, named, name, seen);
  execute format('create policy data_scope on %s as restrictive using ((select app.unscoped()) or app.%I(%s)) with check ((select app.unscoped()) or %s)',
    target, 'sees_' || name, given,
    case when written is null then format('app.%I(%s)', 'sees_' || name, given) else format('(%s)', written) end);
end $$;
