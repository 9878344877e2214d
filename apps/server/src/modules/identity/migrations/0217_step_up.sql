-- Who has proved who they are anew, in which session, for what. It ends with the session.
create table staff_step_ups (
  session_id uuid not null references staff_sessions (id) on delete cascade,
  purpose text not null check (length(purpose) <= 40),
  means text not null check (length(means) <= 20),
  proven_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (session_id, purpose)
);
call app.protect('staff_step_ups', 'local');

-- Sign-ins of staff, to notice one from a device or a place that is new. The place is a block of addresses.
create table staff_sign_ins (
  id uuid primary key,
  staff_id uuid not null references staff (id) on delete cascade,
  session_id uuid not null,
  at timestamptz not null,
  place text not null check (length(place) <= 64),
  device text not null check (length(device) <= 80),
  new_place boolean not null,
  new_device boolean not null,
  -- When the person said that it was they.
  seen_at timestamptz
);
create index staff_sign_ins_staff on staff_sign_ins (staff_id, at desc, id desc);
call app.protect('staff_sign_ins', 'local');
