import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { OfferSearch } from '../../../modules/routing/index.ts';
import type { Statement } from '../statement.ts';
import { offerColumns, rankOfSkill, routableAgents, wantedWords } from './offer-columns.ts';
import type { OfferColumns } from './offer-columns.ts';

// The agents first, by the index over their words; then each of their skills by its own words, and a little by those of its agent, so
// that a skill which says nothing of itself is found, too.
const text = `
  select ${offerColumns}, (${rankOfSkill} + matched.rank * 0.1)::float4 as rank
  from ${wantedWords}
  cross join lateral (
    select m.agent_name, m.rank from colloquy.match_agents($1, wanted.words) m
    where $3::text[] is null or m.agent_name = any ($3)
    order by m.rank desc, m.agent_name limit $4
  ) matched
  join colloquy.agents a on a.tenant_id = $1 and a.name = matched.agent_name and ${routableAgents}
  join colloquy.skills k on k.tenant_id = a.tenant_id and k.agent_id = a.agent_id
  where wanted.words is not null
  order by rank desc, a.name, k.skill_id limit $4`;

/** The skills whose words, or those of their agents, match a word of the text. */
export function findMatchingOffers(search: OfferSearch): Statement<OfferColumns> {
  return {
    name: 'find-matching-offers',
    text,
    values: [uuidOf(search.tenantId), search.text, search.agentNames, limits.routerOffersMax],
  };
}
