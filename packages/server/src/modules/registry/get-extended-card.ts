import type { AgentCard, AgentExtension, JsonObject } from '@colloquy/protocol';
import { holdsForSome } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { PublishedCard, RegisteredAgent } from './agent.ts';
import { withoutSkillSettings } from './enterprise-extension.ts';
import { placeOf } from './get-card.ts';
import type { CardPorts } from './get-card.ts';
import { agreementExtensionUri } from './own-extensions.ts';
import { cardThroughUs } from './served-card.ts';

/**
 * The signed extended card of an agent of the caller's tenant (A2A 1.0 section 3.1.11). A caller that may send sees withheld skills and
 * the price; a caller that may register or approve agents sees the pending version. Throws `registry.agent-unknown`.
 */
export function getExtendedCard(ports: CardPorts) {
  return async (caller: Caller, agentName: string): Promise<AgentCard> => {
    const { id: tenantId, slug: tenantSlug } = caller.tenant;
    if (slugProblem(agentName) !== null) throw new PlatformError('registry.agent-unknown');
    const [published, agent] = await Promise.all([
      ports.agents.findCard(tenantId, agentName),
      ports.agents.find(tenantId, agentName),
    ]);
    if (published === null || agent === null) throw new PlatformError('registry.agent-unknown');
    const shown = withoutSkillSettings(published.card, withheldFrom(caller, published, agent.name));
    const whole = cardThroughUs(shown, { ...placeOf(ports), tenantSlug, agentName });
    const card = { ...whole, ...forCaller(caller, whole, { published, agent }) };
    return { ...card, signatures: await ports.cardSigner.sign(card) };
  };
}

interface Described {
  readonly published: PublishedCard;
  readonly agent: RegisteredAgent;
}

function forCaller(
  caller: Caller,
  { capabilities, skills }: AgentCard,
  { published, agent }: Described,
): Pick<AgentCard, 'capabilities' | 'skills'> {
  const scopes = scopesAt(caller, agent.name);
  const withheld = withheldFrom(caller, published, agent.name);
  const extension: AgentExtension = {
    uri: agreementExtensionUri,
    description: 'What a task costs, and where this card comes from.',
    params: paramsFor(scopes, agent),
  };
  return {
    capabilities: { ...capabilities, extensions: [...(capabilities.extensions ?? []), extension] },
    skills: skills.filter(({ id }) => !withheld.has(id)),
  };
}

/** Ids of the skills that are hidden from this caller. */
function withheldFrom(caller: Caller, published: PublishedCard, agentName: string): ReadonlySet<string> {
  return new Set(scopesAt(caller, agentName).has('a2a:send') ? [] : published.extendedSkillIds);
}

/** The caller's scopes at an agent, including scopes for one of its skills only. */
function scopesAt({ scopes, access }: Caller, agentName: string): ReadonlySet<string> {
  return new Set([...scopes].filter((scope) => holdsForSome(access, scope, agentName)));
}

function paramsFor(scopes: ReadonlySet<string>, agent: RegisteredAgent): JsonObject {
  const { cardSignature, cardVersion, idempotent, pendingCardVersion, priceMicrocredits, taskMsMax } = agent;
  const maySend = scopes.has('a2a:send');
  const mayChange = scopes.has('agents:write') || scopes.has('agents:approve');
  return {
    cardVersion,
    signature: cardSignature.isKeyRevoked ? 'key-revoked' : cardSignature.state,
    ...(maySend ? { priceMicrocredits: Number(priceMicrocredits), taskMsMax, idempotent } : {}),
    ...(mayChange && pendingCardVersion !== null ? { pendingCardVersion } : {}),
  };
}
