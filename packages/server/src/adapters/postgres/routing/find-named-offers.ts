import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { OfferSearch } from '../../../modules/routing/index.ts';
import type { Statement } from '../statement.ts';
import { offerColumns, rankOfSkill, routableAgents, wantedWords } from './offer-columns.ts';
import type { OfferColumns } from './offer-columns.ts';

/** Every skill with this id ($4). */
export function findNamedOffers(search: OfferSearch, skillId: string): Statement<OfferColumns> {
  return {
    name: 'find-named-offers',
    text: `
  select ${offerColumns}, ${rankOfSkill} as rank
  from ${wantedWords} cross join colloquy.agent_facets f
  join colloquy.agents a on a.tenant_id = f.tenant_id and a.name = f.agent_name and ${routableAgents}
  join colloquy.skills k on k.tenant_id = a.tenant_id and k.agent_id = a.agent_id and k.skill_id = $4
  where f.tenant_id = $1 and f.facet = 'skill' and f.value = $4
  order by rank desc, a.name limit $5`,
    values: [uuidOf(search.tenantId), search.text, search.agentNames, skillId, limits.routerOffersMax],
  };
}
