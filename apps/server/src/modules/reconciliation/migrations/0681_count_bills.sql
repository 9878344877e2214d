-- After a large bill the planner must know how many lines there are now; only the owner may count them.
create function app.count_bills() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze bill_lines;
end $$;
