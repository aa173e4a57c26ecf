-- Agents get a context id that the platform derives from tenant, owner and the caller's context id. With the caller's own id, two callers that
-- choose the same one would share the memory of an agent that keys it by context.

set local role colloquy_owner;

-- True: the agent of the task gets the caller's context id as it is. Processes of before write no value, and send that id.
alter table colloquy.tasks add column is_context_unmapped boolean not null default true;

-- Contexts that began before: new tasks in them are unmapped as well, so that agents keep their memory of the conversation.
create table colloquy.unmapped_contexts (
  tenant_id  uuid not null,
  owner_id   text not null,
  context_id text not null,
  primary key (tenant_id, owner_id, context_id)
);
-- As migration 0008 says: the planner must expect one tenant to hold every row.
alter table colloquy.unmapped_contexts alter column tenant_id set (n_distinct = 1);
call colloquy.secure_tenant_table('colloquy.unmapped_contexts');
grant select, insert on colloquy.unmapped_contexts to colloquy_app;

reset role;
