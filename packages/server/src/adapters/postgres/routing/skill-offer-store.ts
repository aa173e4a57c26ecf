import { uuidOf } from '../../../kernel/ids.ts';
import type { OfferSearch, SkillOffer, SkillOfferStore } from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findMatchingOffers } from './find-matching-offers.ts';
import { findNamedOffers } from './find-named-offers.ts';
import { findTakingOffers } from './find-taking-offers.ts';
import { offerOf } from './offer-columns.ts';
import type { OfferColumns } from './offer-columns.ts';

/** Skills of registered agents, as the cards in use tell. */
export function createSkillOfferStore(pool: DatabasePool): SkillOfferStore {
  const read = async ({ tenantId }: OfferSearch, statement: Statement<OfferColumns>): Promise<readonly SkillOffer[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(offerOf);
  return {
    named: (search, skillId) => read(search, findNamedOffers(search, skillId)),
    taking: (search, members) => read(search, findTakingOffers(search, members)),
    matching: (search) => read(search, findMatchingOffers(search)),
  };
}
