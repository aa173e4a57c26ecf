-- Searches show agents without opening their cards, and the router finds the skills that take an object by the names of its members, and
-- ranks them by words that are kept.

set local role colloquy_owner;

-- What a search shows of the card in use, kept true by the trigger that keeps the other columns so.
alter table colloquy.agents
  add column card_title       text not null default '',
  add column card_description text not null default '',
  add column card_release     text not null default '',
  add column card_streaming   boolean not null default false,
  add column card_skill_ids   text[] not null default '{}';

-- The words that the router ranks a skill by, so that it makes none of them for each message.
alter table colloquy.skills add column words tsvector not null default '';

-- 'member': what an object may have that a skill of the agent takes.
alter table colloquy.agent_facets drop constraint agent_facets_facet_check;
alter table colloquy.agent_facets add constraint agent_facets_facet_check
  check (facet in ('skill', 'tag', 'capability', 'department', 'tier', 'region', 'status', 'member'));

-- Columns, skills, facets and words of an agent from its card in use. Cards of before the extension was checked may say anything in it.
create or replace function colloquy.describe_agent() returns trigger
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
    documentation_url = left(card ->> 'documentationUrl', 2048),
    card_title = coalesce(card ->> 'name', ''),
    card_description = coalesce(card ->> 'description', ''),
    card_release = coalesce(card ->> 'version', ''),
    card_streaming = coalesce(card -> 'capabilities' -> 'streaming' = 'true', false),
    card_skill_ids = array(select s ->> 'id' from jsonb_array_elements(card -> 'skills') with ordinality of_card (s, at)
      where s ->> 'id' is not null order by at)
  where a.tenant_id = new.tenant_id and a.agent_id = new.agent_id;

  delete from colloquy.skills k where k.tenant_id = new.tenant_id and k.agent_id = new.agent_id;
  insert into colloquy.skills (tenant_id, agent_id, skill_id, position, name, description, tags, idempotent, estimated_ms, cache_ttl_ms,
    price_microcredits, input_schema, output_schema, words)
  select new.tenant_id, new.agent_id, left(s ->> 'id', 200), at, coalesce(s ->> 'name', ''), coalesce(s ->> 'description', ''),
    array(select t #>> '{}' from jsonb_path_query(s, '$.tags[*]') t),
    (jsonb_path_query_first(own, '$.idempotent ? (@ == true || @ == false)'))::boolean,
    (jsonb_path_query_first(own, '$.estimatedMs ? (@ >= 0 && @ <= 86400000)'))::bigint,
    (jsonb_path_query_first(own, '$.cacheTtlMs ? (@ >= 1 && @ <= 31536000000)'))::bigint,
    (jsonb_path_query_first(own, '$.priceMicrocredits ? (@ >= 0 && @ <= 9000000000000000)'))::bigint,
    case jsonb_typeof(own -> 'inputSchema') when 'object' then own -> 'inputSchema' end,
    case jsonb_typeof(own -> 'outputSchema') when 'object' then own -> 'outputSchema' end,
    setweight(to_tsvector('english', left(concat_ws(' ', left(s ->> 'id', 200), coalesce(s ->> 'name', ''),
      array_to_string(array(select t #>> '{}' from jsonb_path_query(s, '$.tags[*]') t), ' ')), 2000)), 'A')
      || setweight(to_tsvector('english', left(coalesce(s ->> 'description', ''), 4000)), 'C')
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
    union all select 'member', m from colloquy.skills k cross join jsonb_object_keys(
        case jsonb_typeof(k.input_schema -> 'properties') when 'object' then k.input_schema -> 'properties' else '{}' end) m
      where k.tenant_id = new.tenant_id and k.agent_id = new.agent_id
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
