import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { OfferSearch } from '../../../modules/routing/index.ts';
import type { Statement } from '../statement.ts';
import { offerColumns, rankOfSkill, routableAgents, wantedWords } from './offer-columns.ts';
import type { OfferColumns } from './offer-columns.ts';

/**
 * Skills whose schema may be satisfied by an object with these members ($4): it requires no other, and knows one of them. The agents first,
 * by the names of members that they take, cut as they are kept; no index could be asked for keys of the schemas themselves below the tenant policy.
 */
export function findTakingOffers(search: OfferSearch, members: readonly string[]): Statement<OfferColumns> {
  return {
    name: 'find-taking-offers',
    text: `
  select ${offerColumns}, ${rankOfSkill} as rank
  from ${wantedWords} cross join (
    select distinct f.agent_name from colloquy.agent_facets f
    where f.tenant_id = $1 and f.facet = 'member' and f.value = any (array(select left(m, 200) from unnest($4::text[]) m))
  ) taking
  join colloquy.agents a on a.tenant_id = $1 and a.name = taking.agent_name collate "default" and ${routableAgents}
  join colloquy.skills k on k.tenant_id = a.tenant_id and k.agent_id = a.agent_id
  cross join lateral (
    select case jsonb_typeof(k.input_schema -> 'required') when 'array' then k.input_schema -> 'required' else '[]' end as required
  ) asked
  where k.tenant_id = $1 and k.input_schema is not null and k.input_schema -> 'properties' ?| $4::text[]
    and asked.required <@ to_jsonb($4::text[])
  order by jsonb_array_length(asked.required) desc, rank desc, a.name, k.skill_id limit $5`,
    values: [uuidOf(search.tenantId), search.text, search.agentNames, members, limits.routerOffersMax],
  };
}
