import type { Message } from '@colloquy/protocol';
import { everything, holdsAt } from '../../../kernel/access-rights.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import { rankOffers } from '../../routing/index.ts';
import type {
  OfferSearch,
  RankedOffer,
  RoutedBy,
  RouterChoice,
  SkillChooser,
  SkillOffer,
  SkillQuestion,
} from '../../routing/index.ts';
import type { AgentAddress } from '../ports.ts';
import type { RouterPorts } from './router-ports.ts';
import { membersOf, skillQuestion } from './skill-question.ts';

/** Skills in the order in which they are tried, at least one of which fits. */
export interface FoundOffers extends Pick<RouterChoice, 'by' | 'chooser'> {
  readonly ranked: readonly RankedOffer[];
}

/**
 * Finds the skills that a message may be for, among those that the caller may send to: by the id that it names; without one, by the schemas
 * that its data fits; without such, by its words. Throws `router.nothing-fits`, which says what was looked for.
 */
export async function findOffers(
  ports: RouterPorts,
  caller: Caller,
  address: AgentAddress,
  message: Message,
): Promise<FoundOffers> {
  const question = skillQuestion(address, message);
  const search: OfferSearch = {
    tenantId: caller.tenant.id,
    agentNames: caller.access.tenant.has('a2a:send') || caller.access === everything ? null : agentsOf(caller),
    text: question.text,
  };
  const rank = (offers: readonly SkillOffer[], by: RoutedBy): FoundOffers => ({
    by,
    ranked: rankOffers(offers.filter(isOpenTo(caller)), question, { by, fits: ports.fits }),
  });
  if (question.skillId !== null) return demandFit(rank(await ports.offers.named(search, question.skillId), 'skill-id'));
  const members = membersOf(question);
  const taking = members.length === 0 ? [] : await ports.offers.taking(search, members);
  const bySchema = rank(taking, 'schema-fit');
  if (bySchema.ranked.some(({ isFit }) => isFit)) return bySchema;
  const byText = question.text.trim() === '' ? [] : await ports.offers.matching(search);
  return chosen(ports.chooser, question, demandFit(rank(byText, 'text-match')));
}

/** Lets the chooser say which of those that the words match is meant. Without a sensible answer the words decide. */
async function chosen(chooser: SkillChooser | null, { text }: SkillQuestion, found: FoundOffers): Promise<FoundOffers> {
  const fit = found.ranked.filter(({ isFit }) => isFit);
  if (chooser === null || fit.length < 2) return found;
  try {
    const at = await chooser.choose(
      text,
      fit.map(({ offer }) => offer),
    );
    const best = at === null ? undefined : fit[at];
    if (best === undefined) return { ...found, chooser: 'none-fits' };
    return { by: 'chooser', ranked: [best, ...found.ranked.filter((one) => one !== best)] };
  } catch (error) {
    if (asPlatformError(error).code !== 'router.chooser-failed') throw error;
    return { ...found, chooser: 'failed' };
  }
}

function agentsOf({ access }: Caller): readonly string[] {
  return [...access.agents.keys()];
}

/** A skill that the caller may not send to is not there. */
function isOpenTo({ access }: Caller) {
  return ({ agentName, skillId }: SkillOffer): boolean => holdsAt(access, 'a2a:send', { agentName, skillId });
}

function demandFit(found: FoundOffers): FoundOffers {
  if (found.ranked.some(({ isFit }) => isFit)) return found;
  const unfit = found.ranked.slice(0, namedMax).map(({ offer }) => `${offer.agentName}/${offer.skillId}`);
  throw new PlatformError('router.nothing-fits', {
    details: {
      lookedBy: found.by,
      ...(unfit.length === 0 ? {} : { schemaDoesNotFit: unfit.join(', ') }),
    },
  });
}

const namedMax = 5;
