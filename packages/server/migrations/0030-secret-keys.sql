-- Keys of secrets. Each owner has data keys, wrapped by a key-encryption key that is never in the database.

set local role colloquy_owner;

-- Which key-encryption keys the database has belonged to. One is current; its check value tells a wrong key before anything is sealed.
create table colloquy.key_encryption_keys (
  kek_id        text primary key check (char_length(kek_id) between 1 and 256),
  check_wrapped bytea not null check (octet_length(check_wrapped) <= 4096),
  created_at    timestamptz not null default colloquy.now_utc(),
  retired_at    timestamptz
);
create unique index key_encryption_keys_current on colloquy.key_encryption_keys ((true)) where retired_at is null;
grant select, insert, update (retired_at) on colloquy.key_encryption_keys to colloquy_app;

-- The platform's own keys: one that seals, and the root that the keys of other uses are derived from.
create table colloquy.platform_keys (
  key_id     uuid primary key,
  purpose    text not null check (purpose in ('sealing', 'root')),
  kek_id     text not null references colloquy.key_encryption_keys,
  wrapped    bytea not null check (octet_length(wrapped) <= 4096),
  created_at timestamptz not null default colloquy.now_utc(),
  retired_at timestamptz
);
create unique index platform_keys_current on colloquy.platform_keys (purpose) where retired_at is null;
grant select, insert, update (kek_id, wrapped, retired_at) on colloquy.platform_keys to colloquy_app;

-- A retired key seals nothing new and still opens what it has sealed.
create table colloquy.tenant_keys (
  tenant_id  uuid not null references colloquy.tenants,
  key_id     uuid not null,
  kek_id     text not null references colloquy.key_encryption_keys,
  wrapped    bytea not null check (octet_length(wrapped) <= 4096),
  created_at timestamptz not null default colloquy.now_utc(),
  retired_at timestamptz,
  primary key (tenant_id, key_id)
);
create unique index tenant_keys_current on colloquy.tenant_keys (tenant_id) where retired_at is null;
call colloquy.secure_tenant_table('colloquy.tenant_keys');
grant select, insert, update (kek_id, wrapped, retired_at) on colloquy.tenant_keys to colloquy_app;

-- Wishes for newer keys, one at a time, and how far each is carried out: first keys, owner by owner, then secrets.
create table colloquy.secret_rotations (
  rotation_id      uuid primary key,
  asked_by         text not null,
  asked_at         timestamptz not null default colloquy.now_utc(),
  -- Each owner gets a new data key; otherwise only what wraps the keys is new.
  renews_data_keys boolean not null,
  stage            text not null default 'keys' check (stage in ('keys', 'secrets')),
  stage_began_at   timestamptz not null default colloquy.now_utc(),
  -- The tenant that was done last; empty before the first.
  after_slug       text not null default '',
  resealed         bigint not null default 0,
  -- Secrets that could not be opened and stay as they are.
  unreadable       bigint not null default 0,
  claimed_until    timestamptz,
  finished_at      timestamptz
);
create unique index secret_rotations_open on colloquy.secret_rotations ((true)) where finished_at is null;
grant select, insert, update (stage, stage_began_at, after_slug, resealed, unreadable, claimed_until, finished_at)
  on colloquy.secret_rotations to colloquy_app;
-- Secrets of before data keys are sealed anew as soon as a worker runs.
insert into colloquy.secret_rotations (rotation_id, asked_by, renews_data_keys)
  values (gen_random_uuid(), 'platform', false);

-- A rotation seals secrets anew in their rows.
grant update (private_jwk_sealed) on colloquy.signing_keys to colloquy_app;
reset role;
