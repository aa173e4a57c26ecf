import type { JsonObject, JsonValue } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { assertIsThere } from './card-home.ts';
import type { PublishedDocument } from './card-source.ts';
import { fieldsOf } from './enterprise-extension.ts';
import { readerOf } from './read-card.ts';
import { registerAgent } from './register-agent.ts';
import type { RegistrationPorts } from './register-agent.ts';
import { updateCard } from './update-card.ts';
import type { CardUpdatePorts } from './update-card.ts';

/** An agent as a discovery service describes it: metadata and an address, without its protocol. */
export interface AgentRecord {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** They become the ids of its skills. */
  readonly capabilities: readonly string[];
  /** The agent's address. Its own card is fetched there and names its interfaces. */
  readonly url: string;
  /** The profile to merge into its card: params of the enterprise extension. */
  readonly profile: JsonObject;
}

/**
 * Registers an agent from a record, or updates a registered one. True when the new card is in use; false when it is pending approval.
 * Throws the errors of `registerAgent` and `updateCard`.
 */
export function registerRecord(ports: RegistrationPorts & CardUpdatePorts) {
  const register = registerAgent(ports);
  const update = updateCard(ports);
  return async (caller: Caller, record: AgentRecord): Promise<boolean> => {
    const { name, profile } = record;
    const found = await ports.cards.fetchCard(record.url, readerOf(caller));
    assertIsThere(record.url, found);
    const source = { kind: 'document', ...ports.cards.readDocument(documentOf(record, found)) } as const;
    try {
      await register(caller, { ...defaults, name, source, profile });
      return true;
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'registry.agent-exists') throw error;
      const { version } = await update(caller, { name, source, profile });
      return version.status === 'approved';
    }
  };
}

/** Settings that a record does not have. */
const defaults = {
  priceMicrocredits: null,
  idempotent: null,
  taskMsMax: null,
  cardVisibility: null,
  credential: null,
  cardPolicy: { signatures: null, approval: null },
  extendedSkillIds: [],
} as const;

/** The agent's own card with the record's texts and skills. Its signatures are dropped, because they cover the original texts. */
function documentOf(
  { name, description, version, capabilities }: AgentRecord,
  { document }: PublishedDocument,
): JsonObject {
  const { signatures: _signatures, skills, ...kept } = document;
  const told = new Map(
    listOf(skills).map((skill): [JsonValue | undefined, JsonValue] => [fieldsOf(skill)['id'], skill]),
  );
  const named = capabilities.map((id) => told.get(id) ?? { id, name: id, description: id, tags: [id] });
  return { ...kept, name, description, version, skills: named };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (!Array.isArray(value)) return [];
  const items: readonly JsonValue[] = value;
  return items;
}
