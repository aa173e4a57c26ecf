-- How people come in: links that set a password, where clients send them back to, and what slows down guessing.

set local role colloquy_owner;

-- One link at a time for each person; a newer one replaces it. The secret in it is kept as an HMAC.
create table colloquy.password_links (
  tenant_id   uuid not null,
  person_id   text not null,
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  expires_at  timestamptz not null,
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references colloquy.people
);
call colloquy.secure_tenant_table('colloquy.password_links');
grant select, insert, update, delete on colloquy.password_links to colloquy_app;

-- Clients that people sign in through. A public one has no secret that could be kept, and gets no tokens of its own.
create table colloquy.sign_in_clients (
  tenant_id     uuid not null,
  client_id     text not null,
  redirect_uris text[] not null check (cardinality(redirect_uris) between 1 and 10),
  is_public     boolean not null,
  primary key (tenant_id, client_id),
  foreign key (tenant_id, client_id) references colloquy.oauth_clients
);
call colloquy.secure_tenant_table('colloquy.sign_in_clients');
grant select, insert, update on colloquy.sign_in_clients to colloquy_app;

-- Failed sign-ins, by keyed hashes of a person's name and of an address: before anybody is known there is no tenant to speak of.
create table colloquy.sign_in_failures (
  subject   bytea primary key check (octet_length(subject) = 32),
  failures  integer not null check (failures > 0),
  failed_at timestamptz not null default colloquy.now_utc()
);
create index sign_in_failures_by_time on colloquy.sign_in_failures (failed_at);
grant select, insert, update, delete on colloquy.sign_in_failures to colloquy_app;
grant select (ctid, failed_at), delete on colloquy.sign_in_failures to colloquy_worker;

-- A session is also found by the id that grants know it by.
create index oidc_records_session_uid on colloquy.oidc_records ((payload ->> 'uid')) where model = 'Session';

reset role;
