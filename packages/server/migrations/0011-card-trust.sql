-- Whose signatures on cards a tenant believes, what it demands of cards, and which version of a card is in use, waits or was turned down.

set local role colloquy_owner;

create table colloquy.trusted_card_keys (
  tenant_id  uuid not null references colloquy.tenants,
  -- As signatures name the key. A revoked key keeps its id, so that no other key ever answers to it.
  kid        text not null check (kid ~ '^[!-~]{1,200}$'),
  name       text not null check (char_length(name) between 1 and 200),
  algorithms text[] not null check (cardinality(algorithms) between 1 and 16),
  -- The public half only (RFC 7517).
  public_jwk jsonb not null,
  added_by   text not null,
  created_at timestamptz not null default colloquy.now_utc(),
  revoked_by text,
  revoked_at timestamptz,
  primary key (tenant_id, kid)
);
call colloquy.secure_tenant_table('colloquy.trusted_card_keys');
grant select, insert on colloquy.trusted_card_keys to colloquy_app;
grant update (revoked_by, revoked_at) on colloquy.trusted_card_keys to colloquy_app;

-- What a tenant demands of cards; a tenant without a row has the platform's defaults.
create table colloquy.card_policies (
  tenant_id  uuid primary key references colloquy.tenants,
  signatures text not null check (signatures in ('accept', 'require')),
  approval   text not null check (approval in ('signed', 'always', 'never')),
  changed_by text not null,
  changed_at timestamptz not null default colloquy.now_utc()
);
call colloquy.secure_tenant_table('colloquy.card_policies');
grant select, insert on colloquy.card_policies to colloquy_app;
grant update (signatures, approval, changed_by, changed_at) on colloquy.card_policies to colloquy_app;

-- Null: as the tenant's policy says.
alter table colloquy.agents add column signature_policy text check (signature_policy in ('accept', 'require'));
alter table colloquy.agents add column approval_policy text check (approval_policy in ('signed', 'always', 'never'));
-- Skills that only the extended card shows, and only to callers who may send.
alter table colloquy.agents add column extended_skill_ids text[] not null default '{}' check (cardinality(extended_skill_ids) <= 256);

-- `agents.card_version` is the version in use. The document is the card's JSON text as it was published; null where it was not kept.
alter table colloquy.agent_card_versions add column document text;
alter table colloquy.agent_card_versions add column signature_state text
  check (signature_state in ('unsigned', 'verified', 'untrusted-key'));
alter table colloquy.agent_card_versions add column signature_kid text;
alter table colloquy.agent_card_versions add column status text not null default 'approved'
  check (status in ('approved', 'pending', 'rejected', 'superseded'));
alter table colloquy.agent_card_versions add column proposed_by text;
alter table colloquy.agent_card_versions add column decided_by text;
alter table colloquy.agent_card_versions add column decided_at timestamptz;
grant update (status, decided_by, decided_at) on colloquy.agent_card_versions to colloquy_app;

-- Our signatures over the card as we serve it. Kept, because a signature is different each time it is made, and readers on all replicas
-- are to get the same bytes under the same entity tag.
create table colloquy.served_card_signatures (
  tenant_id  uuid not null,
  agent_id   uuid not null,
  -- 128 bits of SHA-256 over the served card and the id of our key.
  digest     uuid not null,
  signatures jsonb not null,
  signed_at  timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references colloquy.agents
);
call colloquy.secure_tenant_table('colloquy.served_card_signatures');
grant select, insert on colloquy.served_card_signatures to colloquy_app;
grant update (digest, signatures, signed_at) on colloquy.served_card_signatures to colloquy_app;

-- A card may be public; its reader then has no tenant yet. Answers public cards only.
grant select on colloquy.served_card_signatures to colloquy_lookup;
create policy lookup on colloquy.served_card_signatures for select to colloquy_lookup using (true);
create function colloquy.find_public_served_card(wanted_slug text, wanted_name text)
  returns table (tenant_id uuid, agent_id uuid, card jsonb, version integer, modified_at timestamptz, extended_skill_ids text[],
    digest uuid, signatures jsonb, signed_at timestamptz)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select a.tenant_id, a.agent_id, v.card, v.version, v.created_at, a.extended_skill_ids, s.digest, s.signatures, s.signed_at
    from colloquy.tenants t
    join colloquy.agents a on a.tenant_id = t.tenant_id
    join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = a.card_version
    left join colloquy.served_card_signatures s on s.tenant_id = a.tenant_id and s.agent_id = a.agent_id
    where t.slug = wanted_slug and a.name = wanted_name and a.deregistered_at is null and a.card_visibility = 'public';
  end;
revoke all on function colloquy.find_public_served_card(text, text) from public;
grant execute on function colloquy.find_public_served_card(text, text) to colloquy_app;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_public_served_card(text, text) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
