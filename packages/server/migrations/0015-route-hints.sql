-- Whoever changes what a route is made of tells every process, in the same transaction: the tenant's id, and nothing of the change.

set local role colloquy_owner;
create function colloquy.hint_routes() returns trigger
  language plpgsql as $body$
begin
  perform pg_notify('colloquy_routes', coalesce(new.tenant_id, old.tenant_id)::text);
  return null;
end
$body$;
create trigger hint_routes after insert or update or delete on colloquy.agents
  for each row execute function colloquy.hint_routes();
create trigger hint_routes after insert or update or delete on colloquy.agent_instances
  for each row execute function colloquy.hint_routes();
reset role;
