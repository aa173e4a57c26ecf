-- How sends find an instance of an agent, and the tasks that decisions are made by later.

set local role colloquy_owner;

-- Only of agents whose tenant said something; an agent without a row has the policy of all the others.
create table colloquy.agent_routing (
  tenant_id  uuid not null,
  agent_id   uuid not null,
  policy     jsonb not null check (jsonb_typeof(policy) = 'object' and char_length(policy::text) <= 32768),
  changed_by text not null check (char_length(changed_by) <= 300),
  changed_at timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references colloquy.agents
);
call colloquy.secure_tenant_table('colloquy.agent_routing');
grant select, insert, delete, update (policy, changed_by, changed_at) on colloquy.agent_routing to colloquy_app;
create trigger hint_routes after insert or update or delete on colloquy.agent_routing
  for each row execute function colloquy.hint_routes();

-- Where a context was: only tasks of agents with several instances whose contexts stay together.
create index tasks_by_context on colloquy.tasks (owner_id, agent_id, context_id, task_id) where decision ? 'sticky';
-- What the router was sent, in the order of its lists.
create index tasks_by_router on colloquy.tasks (owner_id, status_at, task_id) where decision ? 'router';

reset role;
