import type { Message } from '@colloquy/protocol';
import { everything, holdsAt } from '../../../kernel/access-rights.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
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
import type { RouterPorts } from '../ports.ts';
import { skillIdOf } from './route-rules.ts';

/** Skills in the order in which the router tries them; at least one fits the message. */
export interface FoundOffers extends Pick<RouterChoice, 'by' | 'chooser'> {
  readonly ranked: readonly RankedOffer[];
}

/**
 * Finds the skills that a message may be for, among those that the caller may send to: by the skill id that it names, else by the input schemas
 * that its data fits, else by its text. Throws `router.nothing-fits`, whose details say how it searched.
 */
export async function findOffers(ports: RouterPorts, caller: Caller, message: Message): Promise<FoundOffers> {
  const question = skillQuestion(message);
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

/** Lets the chooser pick among the skills that match the text. Without a valid pick the ranking of the text search stands. */
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

/** Hides the skills that the caller may not send to. */
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

/** What a message asks of the router: the skill that it names, its structured data, and its text. */
function skillQuestion(message: Message): SkillQuestion {
  const { parts } = message;
  return {
    skillId: skillIdOf(message),
    data: parts.flatMap(({ data }) => (data === undefined ? [] : [data])),
    text: parts
      .flatMap(({ text }) => text ?? [])
      .join('\n')
      .slice(0, limits.routerTextChars),
  };
}

/** The member names of the first data part that is an object; none when it has too many. */
function membersOf({ data }: SkillQuestion): readonly string[] {
  const first = data.find((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  const names = first === undefined || first === null ? [] : Object.keys(first);
  return names.length > limits.routerMembersMax ? [] : names;
}
