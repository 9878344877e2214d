-- Buyers are people across shops. Who they are at WeChat, and by phone, is looked up in buyer_identities.
create table buyers (
  buyer_id uuid primary key,
  nickname text not null check (length(nickname) between 1 and 60),
  avatar_url text check (length(avatar_url) <= 500),
  phone_cipher text,
  phone_masked text,
  merged_into uuid,
  created_at timestamptz not null
);
call app.protect('buyers', 'buyer_id');

create table buyer_identities (
  kind text not null check (length(kind) <= 80),
  subject text not null check (length(subject) <= 128),
  buyer_id uuid not null,
  created_at timestamptz not null,
  primary key (kind, subject)
);
create index buyer_identities_buyer on buyer_identities (buyer_id);
call app.protect('buyer_identities', 'local');

create table buyer_sessions (
  id uuid primary key,
  token_hash text not null unique,
  buyer_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index buyer_sessions_buyer on buyer_sessions (buyer_id);
create index buyer_sessions_expiry on buyer_sessions (expires_at);
call app.protect('buyer_sessions', 'local');

create table buyer_addresses (
  buyer_id uuid not null,
  id uuid not null,
  -- name, phone and detail as one encrypted JSON text; the region is plain, freight needs it.
  personal_cipher text not null,
  province text not null,
  city text not null,
  district text not null,
  street text not null,
  label text not null,
  is_default boolean not null,
  created_at timestamptz not null,
  primary key (buyer_id, id)
);
create unique index buyer_addresses_default on buyer_addresses (buyer_id) where is_default;
call app.protect('buyer_addresses', 'buyer_id');

create table staff (
  id uuid primary key,
  account text not null unique,
  name text not null,
  password_hash text not null,
  totp_cipher text,
  totp_confirmed boolean not null default false,
  -- The last 30-second step whose code was used: a code counts once.
  totp_step bigint not null default 0,
  failed_attempts int not null default 0,
  locked_until timestamptz,
  last_sign_in_at timestamptz,
  created_at timestamptz not null
);
call app.protect('staff', 'local');

create table staff_sessions (
  id uuid primary key,
  token_hash text not null unique,
  staff_id uuid not null references staff (id),
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index staff_sessions_staff on staff_sessions (staff_id);
create index staff_sessions_expiry on staff_sessions (expires_at);
call app.protect('staff_sessions', 'local');

-- Roles and members of the platform itself stand under the nil shop id.
create table roles (
  shop_id uuid not null,
  id uuid not null,
  name text not null,
  description text not null,
  permissions text[] not null,
  built_in boolean not null,
  version int not null default 1,
  primary key (shop_id, id),
  unique (shop_id, name)
);
call app.protect('roles', 'shop_id');

create table shop_members (
  shop_id uuid not null,
  staff_id uuid not null,
  state text not null check (state in ('active', 'disabled')),
  created_at timestamptz not null,
  primary key (shop_id, staff_id)
);
create index shop_members_staff on shop_members (staff_id);
call app.protect('shop_members', 'shop_id');

create table member_roles (
  shop_id uuid not null,
  staff_id uuid not null,
  role_id uuid not null,
  primary key (shop_id, staff_id, role_id),
  foreign key (shop_id, staff_id) references shop_members (shop_id, staff_id),
  foreign key (shop_id, role_id) references roles (shop_id, id)
);
create index member_roles_role on member_roles (shop_id, role_id);
call app.protect('member_roles', 'shop_id');
