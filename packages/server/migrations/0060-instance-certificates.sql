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
declare
  gone colloquy.instance_certificates;
begin
  delete from colloquy.instance_certificates c where c.tenant_id = new.tenant_id and c.instance_id = new.instance_id
    returning c.* into gone;
  -- The next one at its origin is counted until somebody looks, or for as long as nobody gets through.
  if gone.is_first then
    update colloquy.instance_certificates c set is_first = true
    where c.tenant_id = gone.tenant_id and c.instance_id = (
      select s.instance_id from colloquy.agent_instances g
      join colloquy.agent_instances i on i.tenant_id = g.tenant_id and i.agent_id = g.agent_id
      join colloquy.instance_certificates s on s.tenant_id = i.tenant_id and s.instance_id = i.instance_id
      where g.tenant_id = gone.tenant_id and g.instance_id = gone.instance_id and s.origin = gone.origin
      order by s.instance_id limit 1
    );
  end if;
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

-- Processes of before forget a deregistered agent without its instances.
create function colloquy.forget_places() returns trigger
  language plpgsql as $body$
begin
  delete from colloquy.instance_certificates c using colloquy.agent_instances i
  where i.tenant_id = new.tenant_id and i.agent_id = new.agent_id and c.tenant_id = i.tenant_id and c.instance_id = i.instance_id;
  return null;
end
$body$;
create trigger forget_places after update of deregistered_at on colloquy.agents
  for each row when (old.deregistered_at is null and new.deregistered_at is not null) execute function colloquy.forget_places();

reset role;
