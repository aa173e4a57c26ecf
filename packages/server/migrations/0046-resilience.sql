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

-- How an agent, or one of its skills, is called when things go wrong, as its tenant wants it.
create table colloquy.resilience_policies (
  tenant_id       uuid not null references colloquy.tenants,
  -- The agent may be registered anew under its name.
  agent_name      text collate "C" not null check (char_length(agent_name) between 1 and 63),
  -- Empty: every skill that has no terms of its own.
  skill_id        text collate "C" not null check (char_length(skill_id) <= 256),
  first_answer_ms integer check (first_answer_ms between 10 and 86400000),
  task_ms         integer check (task_ms between 10 and 86400000),
  calls_max       integer check (calls_max between 1 and 100000),
  queue_ms_max    integer check (queue_ms_max between 0 and 86400000),
  hedge_ms        integer check (hedge_ms between 1 and 86400000),
  -- Names of agents, in the order in which they are asked. Null: as above.
  fallback        text[] check (cardinality(fallback) <= 8),
  fallback_on     text[] check (fallback_on <@ '{unavailable,failed}'),
  partial_results text check (partial_results in ('stop', 'go-on')),
  changed_by      text not null,
  changed_at      timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, agent_name, skill_id)
);
call colloquy.secure_tenant_table('colloquy.resilience_policies');
grant select, insert, update, delete on colloquy.resilience_policies to colloquy_app;
create trigger hint_routes after insert or update or delete on colloquy.resilience_policies
  for each row execute function colloquy.hint_routes();

-- The agent that works on the task; null: the one that it was sent to.
alter table colloquy.tasks add column served_by uuid;

-- Who else was asked to do a task, and why; a task that went as it should has no row.
create table colloquy.task_tries (
  tenant_id   uuid not null,
  task_id     uuid not null,
  -- 2, 3 …: the first try is the task's own.
  try         integer not null check (try >= 2),
  kind        text not null check (kind in ('retry', 'hedge', 'fallback')),
  agent_id    uuid not null,
  agent_name  text not null,
  instance_id uuid not null,
  -- How the try before it failed: a code of the error catalogue. Null: it had not.
  cause       text,
  begun_at    timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, task_id, try)
);
call colloquy.secure_tenant_table('colloquy.task_tries');
grant select, insert, update (cause) on colloquy.task_tries to colloquy_app;

reset role;
