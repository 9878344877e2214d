-- Whom a shop shares with: creators, agencies, suppliers, the platform, other merchants. Names of persons, phones, numbers
-- of documents and payout accounts are sealed; the masked columns are for lists, the hashes find who it is.
create table parties (
  shop_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('creator', 'agency', 'supplier', 'platform', 'merchant')),
  legal text not null check (legal in ('person', 'company')),
  name text not null check (length(name) between 1 and 40),
  real_name_sealed text,
  real_name_masked text not null default '',
  phone_sealed text,
  phone_masked text not null default '',
  phone_hash text,
  id_number_sealed text,
  id_number_masked text not null default '',
  account_kind text check (account_kind in ('openid', 'mchid')),
  account_sealed text,
  account_masked text,
  account_hash text,
  account_set_at timestamptz,
  account_set_by text check (length(account_set_by) <= 200),
  note text not null default '' check (length(note) <= 200),
  state text not null check (state in ('active', 'paused')),
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  constraint parties_name unique (shop_id, kind, name),
  check ((account_kind is null) = (account_sealed is null) and (account_kind is null) = (account_hash is null))
);
create index parties_account on parties (account_hash) where account_hash is not null;
create index parties_phone on parties (phone_hash) where phone_hash is not null;
call app.protect('parties', 'shop_id');

create table contracts (
  shop_id uuid not null,
  id uuid not null,
  party_id uuid not null,
  name text not null check (length(name) between 1 and 40),
  state text not null check (state in ('draft', 'active', 'paused', 'ended')),
  -- The newest of its versions.
  version int not null check (version > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shop_id, id),
  foreign key (shop_id, party_id) references parties (shop_id, id)
);
create index contracts_party on contracts (shop_id, party_id, id desc);
call app.protect('contracts', 'shop_id');

-- Every state and wording that a contract has had, and when: what was in force at an instant is the same whenever it is
-- asked. Nothing is changed afterwards but `replaced_at`.
create table contract_versions (
  shop_id uuid not null,
  contract_id uuid not null,
  version int not null check (version > 0),
  party_id uuid not null,
  name text not null check (length(name) between 1 and 40),
  state text not null check (state in ('draft', 'active', 'paused', 'ended')),
  -- See ContractTerms in the contract package.
  terms jsonb not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  at timestamptz not null,
  -- When the next version took its place.
  replaced_at timestamptz,
  changed_by text not null check (length(changed_by) <= 200),
  primary key (shop_id, contract_id, version),
  foreign key (shop_id, contract_id) references contracts (shop_id, id) on delete cascade,
  check (valid_until is null or valid_until > valid_from)
);
create index contract_versions_active on contract_versions (shop_id, valid_from) where state = 'active';
call app.protect('contract_versions', 'shop_id');
