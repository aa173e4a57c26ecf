-- Keeps the ids of contexts that began before, but only of random ids: a UUID of version 4 or 7, or one that the platform made. Another caller
-- may choose an id like session-1 too, so such a context gets an id of its own from its next task on. Reads every task once and locks none;
-- the application's role may do that as every tenant at once.

set local role colloquy_app;
select set_config('colloquy.tenant_ids', (select coalesce(array_agg(tenant_id), '{}')::text from colloquy.list_tenants('', 2147483647)), true);

insert into colloquy.unmapped_contexts (tenant_id, owner_id, context_id)
select distinct t.tenant_id, t.owner_id, t.context_id
from colloquy.tasks t
where t.context_id ~* '^(ctx_[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$'
on conflict (tenant_id, owner_id, context_id) do nothing;

select set_config('colloquy.tenant_ids', '', true);
set local role colloquy_owner;
revoke insert on colloquy.unmapped_contexts from colloquy_app;
reset role;
