-- The keys that an agent's endpoint has to show, and the certificate that it was seen with.

set local role colloquy_owner;
alter table colloquy.agents
  add column pinned_keys text[] not null default '{}' check (cardinality(pinned_keys) <= 8);

create table colloquy.endpoint_certificates (
  tenant_id  uuid not null,
  agent_id   uuid not null,
  origin     text not null check (char_length(origin) <= 512),
  subject    text not null check (char_length(subject) <= 1024),
  issuer     text not null check (char_length(issuer) <= 1024),
  not_before timestamptz not null,
  not_after  timestamptz not null,
  -- SHA-256 of the public key, base64: what a pin names.
  key_pin    text not null check (char_length(key_pin) = 44),
  -- Why nobody who trusts the web's authorities would accept it; null: they would.
  problem    text check (char_length(problem) <= 64),
  checked_at timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references colloquy.agents (tenant_id, agent_id)
);
call colloquy.secure_tenant_table('colloquy.endpoint_certificates');
grant select, insert, update on colloquy.endpoint_certificates to colloquy_app;
reset role;
