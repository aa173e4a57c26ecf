import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditedAct, AuditLog, NewAuditEntry } from '../audit/index.ts';
import type { AgentStore } from './agent-store.ts';
import type { NewAgent, RegisteredAgent } from './agent.ts';
import { assertLeadsHome } from './card-home.ts';
import { readCard } from './read-card.ts';
import type { CardOrigin, CardReadingPorts, ReadCard } from './read-card.ts';
import { registrationViolations } from './registration-rules.ts';
import type { RegistrationSettings } from './registration-rules.ts';
import { credentialOriginOf, sealCredential } from './upstream-credential.ts';

/** The settings of a registration, and the card or its URL. */
export interface RegisterAgentInput extends RegistrationSettings {
  readonly source: CardOrigin;
}

export interface RegistrationPorts extends CardReadingPorts {
  readonly agents: AgentStore;
  readonly audit: AuditLog;
  readonly secretBox: SecretBox;
  readonly ids: IdSource;
  /** Price of an agent whose registration sets none. */
  readonly defaultPriceMicrocredits: bigint;
}

/**
 * Registers an agent under a name of the caller's tenant. Throws `request.invalid`, `registry.card-invalid`,
 * `registry.card-unreachable`, `registry.interface-unsupported`, `registry.card-signature-invalid`, `registry.card-signature-required`,
 * `egress.refused` and `registry.agent-exists`.
 */
export function registerAgent(ports: RegistrationPorts) {
  return async (caller: Caller, input: RegisterAgentInput): Promise<RegisteredAgent> => {
    const violations = registrationViolations(input);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const read = await readFirstCard(ports, caller, input);
    assertLeadsHome(read);
    assertExtendedSkills(input, read);
    const facts = { origin: credentialOriginOf(read.chosen), signature: read.signature.state };
    const registered = await ports.agents.register(
      await newAgent(ports, caller, { input, read }),
      registrationEntry(ports, caller, input, { outcome: 'succeeded', facts }),
    );
    if (registered === null) throw new PlatformError('registry.agent-exists');
    return registered;
  };
}

interface JudgedInput {
  readonly input: RegisterAgentInput;
  readonly read: ReadCard;
}

/** A refusal for the card's signature leaves an audit entry, because it may be an attack. */
async function readFirstCard(ports: RegistrationPorts, caller: Caller, input: RegisterAgentInput): Promise<ReadCard> {
  try {
    return await readCard(ports, caller, input.source, { own: input.cardPolicy, profile: input.profile });
  } catch (error) {
    if (error instanceof PlatformError && error.code.startsWith('registry.card-signature')) {
      await ports.audit.append(
        registrationEntry(ports, caller, input, { outcome: 'refused', facts: { code: error.code } }),
      );
    }
    throw error;
  }
}

function registrationEntry(
  ports: RegistrationPorts,
  caller: Caller,
  { name }: RegisterAgentInput,
  act: Pick<AuditedAct, 'outcome' | 'facts'>,
): NewAuditEntry {
  return auditEntryBy(caller, ports.ids, { action: 'agent.registered', resource: `agents/${name}`, ...act });
}

function assertExtendedSkills({ extendedSkillIds }: RegisterAgentInput, { card }: ReadCard): void {
  const known = new Set(card.skills.map(({ id }) => id));
  if (extendedSkillIds.every((id) => known.has(id))) return;
  const violations = [{ field: 'extendedSkillIds', description: 'must name skills of the card' }];
  throw new PlatformError('request.invalid', { violations });
}

async function newAgent(ports: RegistrationPorts, caller: Caller, { input, read }: JudgedInput): Promise<NewAgent> {
  const tenantId = caller.tenant.id;
  const { card, document, cardUrl, chosen, signature } = read;
  const agentId = ports.ids.next('agt');
  const place = { tenantId, agentId, origin: credentialOriginOf(chosen) };
  return {
    tenantId,
    agentId,
    name: input.name,
    card,
    document,
    cardSignature: signature,
    cardPolicy: input.cardPolicy,
    profile: input.profile,
    extendedSkillIds: input.extendedSkillIds,
    cardUrl,
    cardVisibility: input.cardVisibility ?? 'tenant',
    priceMicrocredits: input.priceMicrocredits ?? ports.defaultPriceMicrocredits,
    idempotent: input.idempotent ?? false,
    taskMsMax: input.taskMsMax ?? limits.taskMs,
    credential: input.credential === null ? null : await sealCredential(ports.secretBox, input.credential, place),
    registeredBy: caller.principal.id,
    instance: {
      instanceId: ports.ids.next('ins'),
      ...chosen,
    },
  };
}
