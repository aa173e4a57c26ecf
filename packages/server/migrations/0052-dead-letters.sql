-- Dead letters are listed in the order of their tasks, and picked by agent and reason from the index alone.

set local role colloquy_owner;

drop index colloquy.tasks_dead;
create index tasks_dead on colloquy.tasks (tenant_id, task_id) include (agent_id, error_code) where dead_at is not null;

reset role;
