import type { AgentCard } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AgentStore } from './agent-store.ts';
import type { NewAgent, RegisteredAgent } from './agent.ts';
import { chooseInterface } from './agent-wire.ts';
import type { ChosenInterface } from './agent-wire.ts';
import { cardViolations } from './card-rules.ts';
import type { CardSource, UpstreamAddressPolicy } from './card-source.ts';
import { registrationViolations } from './registration-rules.ts';
import type { RegistrationTerms } from './registration-rules.ts';
import type { SecretBox } from './secret-box.ts';
import { sealCredential } from './upstream-credential.ts';

/** The terms, and the card or the address to read it from. */
export interface RegisterAgentInput extends RegistrationTerms {
  readonly source:
    { readonly kind: 'document'; readonly card: AgentCard } | { readonly kind: 'url'; readonly url: string };
}

export interface RegistrationPorts {
  readonly agents: AgentStore;
  readonly cards: CardSource;
  readonly addresses: UpstreamAddressPolicy;
  readonly secretBox: SecretBox;
  readonly ids: IdSource;
  /** Price of an agent whose registration names none. */
  readonly defaultPriceMicrocredits: bigint;
}

/**
 * Registers an agent under a name of the caller's tenant. Throws `request.invalid`, `registry.card-invalid`,
 * `registry.card-unreachable`, `registry.interface-unsupported`, `egress.refused` and `registry.agent-exists`.
 */
export function registerAgent(ports: RegistrationPorts) {
  return async (caller: Caller, input: RegisterAgentInput): Promise<RegisteredAgent> => {
    const violations = registrationViolations(input);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const card = input.source.kind === 'url' ? await ports.cards.fetchCard(input.source.url) : input.source.card;
    const chosen = await callableInterface(ports.addresses, card);
    const registered = await ports.agents.register(
      newAgent(ports, caller, { input, card, chosen }),
      auditEntryBy(caller, ports.ids, {
        action: 'agent.registered',
        outcome: 'succeeded',
        resource: `agents/${input.name}`,
        facts: { origin: new URL(chosen.url).origin },
      }),
    );
    if (registered === null) throw new PlatformError('registry.agent-exists');
    return registered;
  };
}

async function callableInterface(addresses: UpstreamAddressPolicy, card: AgentCard): Promise<ChosenInterface> {
  const violations = cardViolations(card);
  if (violations.length > 0) throw new PlatformError('registry.card-invalid', { violations });
  const chosen = chooseInterface(card);
  if (chosen === null) throw new PlatformError('registry.interface-unsupported');
  await addresses.checkAddresses(chosen.url);
  return chosen;
}

interface JudgedInput {
  readonly input: RegisterAgentInput;
  readonly card: AgentCard;
  readonly chosen: ChosenInterface;
}

function newAgent(ports: RegistrationPorts, caller: Caller, { input, card, chosen }: JudgedInput): NewAgent {
  const tenantId = caller.tenant.id;
  const agentId = ports.ids.next('agt');
  const place = { tenantId, agentId, origin: new URL(chosen.url).origin };
  return {
    tenantId,
    agentId,
    name: input.name,
    card,
    cardUrl: input.source.kind === 'url' ? input.source.url : null,
    cardVisibility: input.cardVisibility ?? 'tenant',
    priceMicrocredits: input.priceMicrocredits ?? ports.defaultPriceMicrocredits,
    idempotent: input.idempotent ?? false,
    taskMsMax: input.taskMsMax ?? limits.taskMs,
    credential: input.credential === null ? null : sealCredential(ports.secretBox, input.credential, place),
    registeredBy: caller.principal.id,
    instance: {
      instanceId: ports.ids.next('ins'),
      ...chosen,
    },
  };
}
