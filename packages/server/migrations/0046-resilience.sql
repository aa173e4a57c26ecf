-- What keeps callers away from instances that fail, for all processes alike.

set local role colloquy_owner;

create domain colloquy.breaker_cause as text check (value in ('fault', 'credential'));

create table colloquy.instance_breakers (
  tenant_id   uuid not null,
  instance_id uuid not null,
  -- What the calls failed by: the instance itself, or a credential of its tenant that it refuses.
  cause       colloquy.breaker_cause not null,
  -- In a row; an answer begins anew.
  failures    integer not null check (failures >= 0),
  failed_at   timestamptz not null,
  -- Openings without a long peace between them: each keeps callers away for longer.
  openings    integer not null check (openings >= 0),
  -- Null: closed. From then on one probe at a time is let through.
  open_until  timestamptz,
  -- Somebody probes, and has until then to tell how it went.
  probe_until timestamptz,
  primary key (tenant_id, instance_id),
  foreign key (tenant_id, instance_id) references colloquy.agent_instances on delete cascade
);
call colloquy.secure_tenant_table('colloquy.instance_breakers');
grant select, insert, update on colloquy.instance_breakers to colloquy_app;
-- Every process knows the breakers of the instances that it may call, whosever they are.
grant select (tenant_id, instance_id, cause, failures, failed_at, open_until) on colloquy.instance_breakers to colloquy_worker;
create policy watching on colloquy.instance_breakers for select to colloquy_worker using (true);

create function colloquy.hint_breakers() returns trigger
  language plpgsql as $body$
begin
  perform pg_notify('colloquy_breakers', '');
  return null;
end
$body$;
create trigger hint_opened after insert on colloquy.instance_breakers
  for each row when (new.open_until is not null) execute function colloquy.hint_breakers();
create trigger hint_changed after update on colloquy.instance_breakers
  for each row when (old.open_until is distinct from new.open_until) execute function colloquy.hint_breakers();

reset role;
