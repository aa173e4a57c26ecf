-- Prices with several parts, from the card in use or as the tenant overrides them from a date on. The plain prices stay where they are.

set local role colloquy_owner;

-- As the card in use states it, checked when the card was accepted. Null: the plain price holds.
alter table colloquy.agents add column price jsonb;
alter table colloquy.skills add column price jsonb;
grant update (price) on colloquy.skills to colloquy_app;

-- Runs after describe_agent, which writes the skills anew: triggers fire in the order of their names.
create function colloquy.price_agent() returns trigger
  language plpgsql as $body$
declare
  params jsonb;
begin
  if new.deregistered_at is not null then
    return null;
  end if;
  select jsonb_path_query_first(v.card,
      '$.capabilities.extensions[*] ? (@.uri == "urn:colloquy:extension:enterprise:v1").params')
    into params from colloquy.agent_card_versions v
    where v.tenant_id = new.tenant_id and v.agent_id = new.agent_id and v.version = new.card_version;
  update colloquy.agents a set price = case jsonb_typeof(params -> 'price') when 'object' then params -> 'price' end
    where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id and (a.price is not null or params ? 'price');
  update colloquy.skills k set price = params -> 'skills' -> k.skill_id -> 'price'
    where k.tenant_id = new.tenant_id and k.agent_id = new.agent_id
      and jsonb_typeof(params -> 'skills' -> k.skill_id -> 'price') = 'object';
  return null;
end
$body$;
create trigger price_agent after insert or update of card_version, deregistered_at on colloquy.agents
  for each row execute function colloquy.price_agent();

create table colloquy.price_overrides (
  tenant_id      uuid not null references colloquy.tenants,
  -- Of whichever agent has the name: an agent may be registered anew.
  agent_name     text collate "C" not null check (char_length(agent_name) <= 63),
  -- Empty for every skill of the agent that has no override of its own.
  skill_id       text collate "C" not null check (char_length(skill_id) <= 200),
  -- The newest one that is not later than now holds.
  effective_from timestamptz not null,
  price          jsonb not null check (jsonb_typeof(price) = 'object'),
  changed_by     text not null,
  changed_at     timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, agent_name, skill_id, effective_from)
);
call colloquy.secure_tenant_table('colloquy.price_overrides');
grant select, insert, update, delete on colloquy.price_overrides to colloquy_app;
create trigger hint_routes after insert or update or delete on colloquy.price_overrides
  for each row execute function colloquy.hint_routes();

reset role;
