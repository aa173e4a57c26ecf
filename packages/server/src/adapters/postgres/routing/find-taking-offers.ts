import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { OfferSearch } from '../../../modules/routing/index.ts';
import type { Statement } from '../statement.ts';
import { offerColumns, rankOfSkill, routableAgents, wantedWords } from './offer-columns.ts';
import type { OfferColumns } from './offer-columns.ts';

/** Skills whose schema may be satisfied by an object with these members ($4): it requires no other, and knows one of them. */
export function findTakingOffers(search: OfferSearch, members: readonly string[]): Statement<OfferColumns> {
  return {
    name: 'find-taking-offers',
    text: `
  select ${offerColumns}, ${rankOfSkill} as rank
  from ${wantedWords} cross join colloquy.skills k
  join colloquy.agents a on a.tenant_id = k.tenant_id and a.agent_id = k.agent_id and ${routableAgents}
  cross join lateral (
    select case jsonb_typeof(k.input_schema -> 'required') when 'array' then k.input_schema -> 'required' else '[]' end as required
  ) asked
  where k.tenant_id = $1 and k.input_schema is not null and k.input_schema -> 'properties' ?| $4::text[]
    and asked.required <@ to_jsonb($4::text[])
  order by jsonb_array_length(asked.required) desc, rank desc, a.name, k.skill_id limit $5`,
    values: [uuidOf(search.tenantId), search.text, search.agentNames, members, limits.routerOffersMax],
  };
}
