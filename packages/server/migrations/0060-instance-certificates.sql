-- Each instance of an agent has an endpoint with a certificate, so what was seen is kept for each: an agent that runs at several places was
-- known by one of them. What endpoint_certificates has of an agent is for processes of before; a later migration drops it.

set local role colloquy_owner;

create table colloquy.instance_certificates (
  tenant_id   uuid not null,
  instance_id uuid not null,
  -- Whether it is the oldest of its agent's instances at this origin: one endpoint is counted once.
  is_first    boolean not null,
  origin      text not null check (char_length(origin) <= 2048),
  subject     text not null check (char_length(subject) <= 1024),
  issuer      text not null check (char_length(issuer) <= 1024),
  not_before  timestamptz not null,
  not_after   timestamptz not null,
  -- SHA-256 of the public key, base64: what a pin names.
  key_pin     text not null check (char_length(key_pin) = 44),
  -- Why nobody who trusts the web's authorities would accept it; null: they would.
  problem     text check (char_length(problem) <= 64),
  checked_at  timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, instance_id),
  foreign key (tenant_id, instance_id) references colloquy.agent_instances on delete cascade
);
call colloquy.secure_tenant_table('colloquy.instance_certificates');
grant select, insert, update, delete on colloquy.instance_certificates to colloquy_app;
grant select (is_first, not_after, problem) on colloquy.instance_certificates to colloquy_worker;
create policy counting on colloquy.instance_certificates for select to colloquy_worker using (is_first);

-- An instance that left or fell silent is nowhere to be called; what was seen there is gone with it. When it is back, that is reason to look
-- soon, and so it is when it goes: another one at its origin is then the first.
create function colloquy.look_at_other_places() returns trigger
  language plpgsql as $body$
begin
  delete from colloquy.instance_certificates c where c.tenant_id = new.tenant_id and c.instance_id = new.instance_id;
  insert into colloquy.endpoint_looks (tenant_id, agent_id)
    select i.tenant_id, i.agent_id from colloquy.agent_instances i
    where i.tenant_id = new.tenant_id and i.instance_id = new.instance_id
  on conflict (tenant_id, agent_id) do update set next_look_at = colloquy.now_utc();
  return null;
end
$body$;
create trigger look_at_other_places after update of left_at on colloquy.agent_instances
  for each row when ((old.left_at is null) <> (new.left_at is null)) execute function colloquy.look_at_other_places();
create trigger look_at_other_places after update of is_lapsed on colloquy.instance_leases
  for each row when (old.is_lapsed <> new.is_lapsed) execute function colloquy.look_at_other_places();

reset role;
