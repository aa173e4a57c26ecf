-- What a card says of an agent beyond its protocol, in columns: routing and dispatch read them, searches find by them. A trigger keeps them
-- true to the card in use, whoever changes it.

set local role colloquy_owner;

alter table colloquy.agents
  add column department        text check (char_length(department) <= 200),
  add column owner             text check (char_length(owner) <= 200),
  add column cost_center       text check (char_length(cost_center) <= 200),
  add column tier              text not null default 'silver' check (tier in ('gold', 'silver', 'bronze')),
  -- Tasks that it works on at a time; null for as many as there are.
  add column slots_max         integer check (slots_max between 1 and 100000),
  add column regions           text[] not null default '{}' check (cardinality(regions) <= 64),
  -- What callers need towards it, in its own words.
  add column scopes            text[] not null default '{}' check (cardinality(scopes) <= 64),
  add column status            text not null default 'active' check (status in ('active', 'maintenance', 'deprecated')),
  add column documentation_url text check (char_length(documentation_url) <= 2048);

-- What the tenant said of the agent itself, as JSON of the card's extension. It is laid over this card already, and over the one that follows.
alter table colloquy.agent_card_versions add column profile jsonb;

-- The skills of the card in use. They stay when the agent is deregistered, because its open tasks are finished with them.
create table colloquy.skills (
  tenant_id         uuid not null,
  agent_id          uuid not null,
  skill_id          text not null,
  position          integer not null,
  name              text not null,
  description       text not null,
  tags              text[] not null,
  -- Null where the card does not say: then it is as the agent's registration says.
  idempotent        boolean,
  estimated_ms      bigint,
  -- Null: its results are not kept.
  cache_ttl_ms      bigint,
  -- Null: as the agent's.
  price_microcredits bigint,
  input_schema      jsonb,
  output_schema     jsonb,
  primary key (tenant_id, agent_id, skill_id),
  foreign key (tenant_id, agent_id) references colloquy.agents
);
call colloquy.secure_tenant_table('colloquy.skills');
grant select, insert, delete on colloquy.skills to colloquy_app;

-- What registered agents are found by: one row for each value. Equality of text is leakproof, so the key is used below the tenant policy.
create table colloquy.agent_facets (
  tenant_id  uuid not null,
  facet      text not null check (facet in ('skill', 'tag', 'capability', 'department', 'tier', 'region', 'status')),
  value      text not null,
  agent_name text collate "C" not null,
  primary key (tenant_id, facet, value, agent_name)
);
create index agent_facets_by_agent on colloquy.agent_facets (agent_name, tenant_id);
call colloquy.secure_tenant_table('colloquy.agent_facets');
grant select, insert, delete on colloquy.agent_facets to colloquy_app;

-- The words of registered agents. One of them names the tenant, so that the index finds a tenant's agents among those of all.
create table colloquy.agent_texts (
  tenant_id  uuid not null,
  agent_name text collate "C" not null,
  words      tsvector not null,
  primary key (tenant_id, agent_name)
);
create index agent_texts_words on colloquy.agent_texts using gin (words) with (fastupdate = off);
call colloquy.secure_tenant_table('colloquy.agent_texts');
grant select, insert, delete on colloquy.agent_texts to colloquy_app;

alter table colloquy.skills alter column tenant_id set (n_distinct = 1);
alter table colloquy.agent_facets alter column tenant_id set (n_distinct = 1);
alter table colloquy.agent_texts alter column tenant_id set (n_distinct = 1);

-- Agents whose words match. A match of text is not leakproof, so below the tenant policy it could use no index: this function looks as
-- colloquy_lookup, shows names only, and those of a tenant of the transaction only.
grant select on colloquy.agent_texts to colloquy_lookup;
create policy lookup on colloquy.agent_texts for select to colloquy_lookup using (true);
create function colloquy.match_agents(wanted_tenant uuid, wanted tsquery) returns table (agent_name text, rank real)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select x.agent_name, ts_rank(x.words, wanted)
    from colloquy.agent_texts x
    where x.tenant_id = wanted_tenant and wanted_tenant = any (colloquy.current_tenants())
      and x.words @@ (quote_literal('tenant:' || wanted_tenant)::tsquery && wanted);
  end;
revoke all on function colloquy.match_agents(uuid, tsquery) from public;
grant execute on function colloquy.match_agents(uuid, tsquery) to colloquy_app;

-- The words that an agent is found by, the weightiest first.
create function colloquy.words_of_agent(tenant uuid, agent_name text, card jsonb, skills jsonb, department text) returns tsvector
  language sql stable
  begin atomic
    select array_to_tsvector(array['tenant:' || tenant])
      || setweight(to_tsvector('english', left(concat_ws(' ', agent_name, card ->> 'name', department), 2000)), 'A')
      || setweight(to_tsvector('english', left(coalesce(string_agg(concat_ws(' ', s ->> 'id', s ->> 'name', s ->> 'tags'), ' '), ''), 20000)), 'B')
      || setweight(to_tsvector('english', left(coalesce(card ->> 'description', ''), 8000)), 'C')
      || setweight(to_tsvector('english', left(coalesce(string_agg(concat_ws(' ', s ->> 'description', s ->> 'examples'), ' '), ''), 20000)), 'D')
    from jsonb_array_elements(skills) s;
  end;

-- Columns, skills, facets and words of an agent from its card in use. Cards of before the extension was checked may say anything in it.
create function colloquy.describe_agent() returns trigger
  language plpgsql as $body$
declare
  card   jsonb;
  said   jsonb;
  listed jsonb;
begin
  delete from colloquy.agent_facets f where f.tenant_id = new.tenant_id and f.agent_name = new.name;
  delete from colloquy.agent_texts x where x.tenant_id = new.tenant_id and x.agent_name = new.name;
  if new.deregistered_at is not null then
    return null;
  end if;
  select v.card into card from colloquy.agent_card_versions v
    where v.tenant_id = new.tenant_id and v.agent_id = new.agent_id and v.version = new.card_version;
  said := coalesce(jsonb_path_query_first(card,
    '$.capabilities.extensions[*] ? (@.uri == "urn:colloquy:extension:enterprise:v1").params'), '{}');
  select coalesce(jsonb_agg(s), '[]') into listed
    from jsonb_array_elements(card -> 'skills') s where not (s ->> 'id' = any (new.extended_skill_ids));

  update colloquy.agents a set
    department = left(jsonb_path_query_first(said, '$.department ? (@.type() == "string")') #>> '{}', 200),
    owner = left(jsonb_path_query_first(said, '$.owner ? (@.type() == "string")') #>> '{}', 200),
    cost_center = left(jsonb_path_query_first(said, '$.costCenter ? (@.type() == "string")') #>> '{}', 200),
    tier = coalesce(jsonb_path_query_first(said, '$.tier ? (@ == "gold" || @ == "silver" || @ == "bronze")') #>> '{}', 'silver'),
    slots_max = jsonb_path_query_first(said, '$.slotsMax ? (@ >= 1 && @ <= 100000)')::integer,
    regions = array(select distinct left(r #>> '{}', 200)
      from jsonb_path_query(said, '$.regions[*] ? (@.type() == "string")') r order by 1 limit 64),
    scopes = array(select distinct left(r #>> '{}', 200)
      from jsonb_path_query(said, '$.scopes[*] ? (@.type() == "string")') r order by 1 limit 64),
    status = coalesce(jsonb_path_query_first(said, '$.status ? (@ == "maintenance" || @ == "deprecated")') #>> '{}', 'active'),
    documentation_url = left(card ->> 'documentationUrl', 2048)
  where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id;

  delete from colloquy.skills k where k.tenant_id = new.tenant_id and k.agent_id = new.agent_id;
  insert into colloquy.skills (tenant_id, agent_id, skill_id, position, name, description, tags, idempotent, estimated_ms, cache_ttl_ms,
    price_microcredits, input_schema, output_schema)
  select new.tenant_id, new.agent_id, left(s ->> 'id', 200), at, coalesce(s ->> 'name', ''), coalesce(s ->> 'description', ''),
    array(select t #>> '{}' from jsonb_path_query(s, '$.tags[*]') t),
    (jsonb_path_query_first(own, '$.idempotent ? (@ == true || @ == false)'))::boolean,
    (jsonb_path_query_first(own, '$.estimatedMs ? (@ >= 0 && @ <= 86400000)'))::bigint,
    (jsonb_path_query_first(own, '$.cacheTtlMs ? (@ >= 1 && @ <= 31536000000)'))::bigint,
    (jsonb_path_query_first(own, '$.priceMicrocredits ? (@ >= 0 && @ <= 9000000000000000)'))::bigint,
    case jsonb_typeof(own -> 'inputSchema') when 'object' then own -> 'inputSchema' end,
    case jsonb_typeof(own -> 'outputSchema') when 'object' then own -> 'outputSchema' end
  from jsonb_array_elements(card -> 'skills') with ordinality listed_skill (s, at)
  cross join lateral (select coalesce(said -> 'skills' -> (s ->> 'id'), '{}') as own) terms
  on conflict do nothing;

  insert into colloquy.agent_facets (tenant_id, facet, value, agent_name)
  select distinct new.tenant_id, facet, left(value, 200), new.name
  from (
    select 'skill' as facet, s ->> 'id' as value from jsonb_array_elements(listed) s
    union all select 'tag', lower(t #>> '{}') from jsonb_path_query(listed, '$[*].tags[*]') t
    union all select 'capability', c.key from jsonb_each(card -> 'capabilities') c where c.value = 'true'
    union all select 'capability', e #>> '{}' from jsonb_path_query(card, '$.capabilities.extensions[*].uri') e
    union all select 'region', r from unnest(array(select r #>> '{}' from jsonb_path_query(said, '$.regions[*] ? (@.type() == "string")') r)) r
    union all select 'department', a.department from colloquy.agents a where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
    union all select 'tier', a.tier from colloquy.agents a where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
    union all select 'status', a.status from colloquy.agents a where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id
  ) facets
  where value is not null and value <> '';

  insert into colloquy.agent_texts (tenant_id, agent_name, words)
  values (new.tenant_id, new.name, colloquy.words_of_agent(new.tenant_id, new.name, card, listed, said ->> 'department'));
  return null;
end
$body$;
create trigger describe_agent after insert or update of card_version, deregistered_at on colloquy.agents
  for each row execute function colloquy.describe_agent();

-- The agents that are there already.
alter table colloquy.agents no force row level security;
alter table colloquy.agent_card_versions no force row level security;
alter table colloquy.skills no force row level security;
alter table colloquy.agent_facets no force row level security;
alter table colloquy.agent_texts no force row level security;
update colloquy.agents set card_version = card_version where deregistered_at is null;
alter table colloquy.agents force row level security;
alter table colloquy.agent_card_versions force row level security;
alter table colloquy.skills force row level security;
alter table colloquy.agent_facets force row level security;
alter table colloquy.agent_texts force row level security;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.match_agents(uuid, tsquery) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
