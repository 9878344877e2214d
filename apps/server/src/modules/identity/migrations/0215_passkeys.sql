-- Passkeys of staff (WebAuthn credentials). The public key proves who signs in; nothing here is secret.
create table staff_passkeys (
  id uuid primary key,
  staff_id uuid not null references staff (id),
  credential_id text not null unique check (length(credential_id) <= 1400),
  -- COSE key in base64url.
  public_key text not null check (length(public_key) <= 4000),
  -- The authenticator's own counter; 0 for those that keep none. It never goes back, unless the key was cloned.
  counter bigint not null,
  transports text[] not null,
  name text not null check (length(name) between 1 and 40),
  synced boolean not null,
  clone_suspected_at timestamptz,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index staff_passkeys_staff on staff_passkeys (staff_id);
call app.protect('staff_passkeys', 'local');

-- Challenges are signed by the server and written down only when they are used, so that each counts once.
create table used_challenges (
  nonce text primary key check (length(nonce) <= 64),
  expires_at timestamptz not null
);
create index used_challenges_expiry on used_challenges (expires_at);
call app.protect('used_challenges', 'local');

-- Keyed hashes of one-time codes for the day the phone is lost.
create table staff_recovery_codes (
  staff_id uuid not null references staff (id),
  code_hash text not null check (length(code_hash) <= 64),
  used_at timestamptz,
  primary key (staff_id, code_hash)
);
call app.protect('staff_recovery_codes', 'local');
