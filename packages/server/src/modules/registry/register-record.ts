import type { JsonObject, JsonValue } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { assertIsThere } from './card-home.ts';
import type { PublishedDocument } from './card-source.ts';
import { fieldsOf } from './enterprise-extension.ts';
import { registerAgent } from './register-agent.ts';
import type { RegistrationPorts } from './register-agent.ts';
import { updateCard } from './update-card.ts';
import type { CardUpdatePorts } from './update-card.ts';

/** An agent as a discovery service knows it: what it is and where, and nothing of its protocol. */
export interface AgentRecord {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** Become the ids of its skills. */
  readonly capabilities: readonly string[];
  /** Where it is. Its own card is read there and tells how it is spoken to. */
  readonly url: string;
  /** What is laid over its card: JSON of the extension for enterprises. */
  readonly profile: JsonObject;
}

/**
 * Registers an agent by a record, or tells a registered one anew. True when it is used as the record says; false when that waits for
 * approval. Throws what registering and updating an agent throw.
 */
export function registerRecord(ports: RegistrationPorts & CardUpdatePorts) {
  const register = registerAgent(ports);
  const update = updateCard(ports);
  return async (caller: Caller, record: AgentRecord): Promise<boolean> => {
    const { name, profile } = record;
    const found = await ports.cards.fetchCard(record.url, caller.tenant.id);
    assertIsThere(record.url, found);
    const source = { kind: 'document', ...ports.cards.readDocument(documentOf(record, found)) } as const;
    try {
      await register(caller, { ...unsaid, name, source, profile });
      return true;
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'registry.agent-exists') throw error;
      const { version } = await update(caller, { name, source, profile });
      return version.status === 'approved';
    }
  };
}

/** Terms that a record knows nothing of. */
const unsaid = {
  priceMicrocredits: null,
  idempotent: null,
  taskMsMax: null,
  cardVisibility: null,
  credential: null,
  cardPolicy: { signatures: null, approval: null },
  extendedSkillIds: [],
} as const;

/** The agent's own card in the words of the record; its signatures are about other words. */
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
