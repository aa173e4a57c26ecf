-- Certificates of agents' endpoints are looked at by themselves: one row for each agent, claimed by whichever worker comes first.

set local role colloquy_owner;

create table colloquy.endpoint_looks (
  tenant_id    uuid not null,
  agent_id     uuid not null,
  -- When it is due; while somebody looks, when another may.
  next_look_at timestamptz not null default colloquy.now_utc(),
  -- Looks in a row that did not reach the endpoint.
  failures     integer not null default 0 check (failures between 0 and 1000000),
  added_at     timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references colloquy.agents (tenant_id, agent_id)
);
call colloquy.secure_tenant_table('colloquy.endpoint_looks');
create index endpoint_looks_due on colloquy.endpoint_looks (next_look_at);
grant select, insert, delete, update (next_look_at, failures) on colloquy.endpoint_looks to colloquy_app;
grant delete on colloquy.endpoint_certificates to colloquy_app;
-- Workers claim rows of every tenant, and look and write as the one tenant.
grant select (tenant_id, agent_id, next_look_at, failures), update (next_look_at) on colloquy.endpoint_looks to colloquy_worker;
create policy looking on colloquy.endpoint_looks for all to colloquy_worker using (true);
grant select (not_after, problem) on colloquy.endpoint_certificates to colloquy_worker;
create policy counting on colloquy.endpoint_certificates for select to colloquy_worker using (true);

-- A new place of an agent, or its end, is reason to look soon.
create function colloquy.look_at_endpoint() returns trigger
  language plpgsql as $body$
begin
  insert into colloquy.endpoint_looks (tenant_id, agent_id) values (new.tenant_id, new.agent_id)
  on conflict (tenant_id, agent_id) do update set next_look_at = colloquy.now_utc();
  return null;
end
$body$;
create trigger look_at_endpoint after insert on colloquy.agent_instances
  for each row execute function colloquy.look_at_endpoint();
create trigger look_at_endpoint after update of deregistered_at on colloquy.agents
  for each row execute function colloquy.look_at_endpoint();

alter table colloquy.agents no force row level security;
alter table colloquy.endpoint_looks no force row level security;
insert into colloquy.endpoint_looks (tenant_id, agent_id)
  select tenant_id, agent_id from colloquy.agents where deregistered_at is null;
alter table colloquy.agents force row level security;
alter table colloquy.endpoint_looks force row level security;
-- What a person is signed in to ends with them.
create index oidc_records_by_account on colloquy.oidc_records ((payload ->> 'accountId')) where payload ->> 'accountId' is not null;
reset role;
