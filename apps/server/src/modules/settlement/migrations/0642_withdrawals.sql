-- Where the shop's own withdrawals go: a person's WeChat, by the openid of one app. Openid and real name are sealed.
create table payout_accounts (
  shop_id uuid primary key,
  buyer_id uuid not null,
  app text not null check (app in ('mini', 'mp')),
  openid_sealed text not null,
  real_name_sealed text not null,
  real_name_masked text not null,
  version int not null,
  set_at timestamptz not null,
  set_by text not null,
  -- Nothing is paid there before: whoever has lost a phone or a password has time to notice.
  usable_from timestamptz not null
);
call app.protect('payout_accounts', 'shop_buyer');
create index payout_accounts_buyer on payout_accounts (buyer_id);

-- Money on its way to a person's WeChat. Intent (created) → accepted (processing) or waiting for the person's word
-- (waiting) → paid, failed or cancelled.
create table withdrawals (
  shop_id uuid not null,
  id uuid not null,
  -- Whose money: the shop's own, or a party's.
  owner_kind text not null check (owner_kind in ('shop', 'party')),
  owner_id uuid not null,
  owner_name text not null,
  -- Who is to confirm it on the phone.
  buyer_id uuid not null,
  number text not null,
  state text not null check (state in ('created', 'processing', 'waiting', 'cancelling', 'paid', 'failed', 'cancelled')),
  -- What leaves the account; the person gets it less the fee.
  amount_fen bigint not null check (amount_fen > 0),
  fee_fen bigint not null check (fee_fen >= 0),
  appid text not null,
  openid_sealed text,
  real_name_sealed text,
  real_name_masked text not null,
  transfer_bill_no text,
  package_info text,
  requested_by text not null,
  created_at timestamptz not null,
  confirm_before timestamptz,
  finished_at timestamptz,
  attempts int not null default 0,
  check_at timestamptz,
  last_error text,
  primary key (shop_id, id),
  unique (shop_id, number),
  check (fee_fen < amount_fen),
  check ((state in ('paid', 'failed', 'cancelled')) = (finished_at is not null))
);
create index withdrawals_check on withdrawals (check_at) where state not in ('paid', 'failed', 'cancelled');
create index withdrawals_owner on withdrawals (shop_id, owner_id, created_at desc);
create index withdrawals_list on withdrawals (shop_id, created_at desc, id desc);
create index withdrawals_buyer on withdrawals (buyer_id);
call app.protect('withdrawals', 'shop_buyer');
