-- pg-boss keeps jobs in a schema of its own, made and migrated by itself as the application role: local to this
-- program, outside row-level security and distribution.
do $$ begin
  execute 'create schema if not exists pgboss authorization zhanggui_app';
exception when insufficient_privilege then
  -- A managed server may not let its administrator act for other roles; the application then creates the schema.
  null;
end $$;

-- When each schedule is due. Whoever holds the schedule's advisory lock runs it.
create table job_schedules (
  name text primary key check (length(name) <= 128),
  next_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  failures integer not null default 0,
  last_error text
);
call app.protect('job_schedules', 'local');
