-- Tasks that wait for a free slot of their agent, the slots themselves, tries, deadlines, and the letters that could not be delivered.

set local role colloquy_owner;

alter table colloquy.tasks
  -- Its place in the queue of its agent: when it was queued, by the database's clock, put off by its tier and priority. Null unless it is
  -- queued. All that depends on a queue depends on this column, so that no other task touches an index of queues.
  add column queue_rank     timestamptz,
  -- How far its tier and priority put it off; null for a task that is never queued.
  add column queue_delay_ms integer,
  -- Since when it can be claimed, of the last time that it was queued; in the future while it is put off after a failure.
  add column queued_at      timestamptz,
  -- What is not done by then is not done any more.
  add column deadline_at    timestamptz,
  -- The slots that it holds while a node works on it, and held when one last did.
  add column slot_keys      uuid[],
  -- How often it was given to its agent; null for a task that is given once.
  add column tries          smallint,
  -- When it was given up after its last try; such a letter can be replayed.
  add column dead_at        timestamptz,
  drop constraint tasks_check,
  add constraint tasks_held check ((node_id is null) = (state not in ('submitted', 'working') or queue_rank is not null));
create index tasks_queued on colloquy.tasks (tenant_id, agent_id, queue_rank, task_id) where queue_rank is not null;
create index tasks_queued_until on colloquy.tasks (deadline_at) where queue_rank is not null and deadline_at is not null;
create index tasks_dead on colloquy.tasks (tenant_id, dead_at, task_id) where dead_at is not null;

-- The worker finds queues and what is overdue in them, of every tenant, and sees nothing else of such tasks.
grant select (agent_id, queue_rank, queued_at, deadline_at, slot_keys) on colloquy.tasks to colloquy_worker;
create policy queues on colloquy.tasks for select to colloquy_worker using (queue_rank is not null);

-- One row for each agent, and each instance, that works on so many tasks at a time; the agent's row also counts its queue. Whoever takes,
-- gives back or queues locks the rows first, in the order of their key: a task and what is counted of it change in one transaction.
create table colloquy.slots (
  tenant_id uuid not null,
  -- The id of the agent, or of the instance.
  key_id    uuid not null,
  agent_id  uuid not null,
  -- Null: as many as there are. Fewer than are in use: none is given until enough came back.
  slots_max integer check (slots_max >= 1),
  in_use    integer not null default 0 check (in_use >= 0),
  queued    integer not null default 0 check (queued >= 0),
  primary key (tenant_id, key_id)
) with (fillfactor = 20);
call colloquy.secure_tenant_table('colloquy.slots');
grant select, insert, update (slots_max, in_use, queued) on colloquy.slots to colloquy_app;
grant select, update (in_use, queued) on colloquy.slots to colloquy_worker;
create policy counting on colloquy.slots for all to colloquy_worker using (true) with check (true);
alter table colloquy.slots alter column tenant_id set (n_distinct = 1);

-- The agent's row is there as soon as anything of it has a limit, and stays.
create function colloquy.keep_agent_slots() returns trigger
  language plpgsql as $body$
begin
  insert into colloquy.slots as s (tenant_id, key_id, agent_id, slots_max)
  -- As the row is now: another trigger may have changed it since.
  select a.tenant_id, a.agent_id, a.agent_id, a.slots_max from colloquy.agents a
  where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id and (a.slots_max is not null
    or exists (select from colloquy.slots x where x.tenant_id = a.tenant_id and x.key_id = a.agent_id))
  on conflict (tenant_id, key_id) do update set slots_max = excluded.slots_max where s.slots_max is distinct from excluded.slots_max;
  return null;
end
$body$;
create trigger keep_slots after insert or update of slots_max on colloquy.agents
  for each row execute function colloquy.keep_agent_slots();

create function colloquy.keep_instance_slots() returns trigger
  language plpgsql as $body$
begin
  if new.slots_max is null and not exists (
    select from colloquy.slots x where x.tenant_id = new.tenant_id and x.key_id = new.instance_id) then
    return null;
  end if;
  insert into colloquy.slots (tenant_id, key_id, agent_id, slots_max)
  select a.tenant_id, a.agent_id, a.agent_id, a.slots_max from colloquy.agents a
  where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
  on conflict (tenant_id, key_id) do nothing;
  insert into colloquy.slots as s (tenant_id, key_id, agent_id, slots_max)
  values (new.tenant_id, new.instance_id, new.agent_id, new.slots_max)
  on conflict (tenant_id, key_id) do update set slots_max = excluded.slots_max where s.slots_max is distinct from excluded.slots_max;
  return null;
end
$body$;
create trigger keep_slots after insert or update of slots_max on colloquy.agent_instances
  for each row execute function colloquy.keep_instance_slots();

-- The agents and instances that are there already.
alter table colloquy.agents no force row level security;
alter table colloquy.agent_instances no force row level security;
alter table colloquy.slots no force row level security;
insert into colloquy.slots (tenant_id, key_id, agent_id, slots_max)
  select a.tenant_id, a.agent_id, a.agent_id, a.slots_max from colloquy.agents a
  where a.slots_max is not null or exists (
    select from colloquy.agent_instances i where i.tenant_id = a.tenant_id and i.agent_id = a.agent_id and i.slots_max is not null);
insert into colloquy.slots (tenant_id, key_id, agent_id, slots_max)
  select i.tenant_id, i.instance_id, i.agent_id, i.slots_max from colloquy.agent_instances i where i.slots_max is not null;
alter table colloquy.agents force row level security;
alter table colloquy.agent_instances force row level security;
alter table colloquy.slots force row level security;

reset role;
