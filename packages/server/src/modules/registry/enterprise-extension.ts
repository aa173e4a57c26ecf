import type { AgentCard, AgentExtension, JsonObject, JsonValue } from '@colloquy/protocol';

/** URI of the card extension with metadata of an agent: `docs/reference/card-extensions.md`. */
export const enterpriseExtensionUri = 'urn:colloquy:extension:enterprise:v1';

const description =
  'Where the agent belongs, how urgent its work is, and what its skills take, answer, promise and cost.';

/** The extension's params on the card; null when the card does not have it. */
export function enterpriseParamsOf({ capabilities }: Pick<AgentCard, 'capabilities'>): JsonObject | null {
  const found = capabilities.extensions?.find(({ uri }) => uri === enterpriseExtensionUri);
  return found === undefined ? null : (found.params ?? {});
}

/** The card with the tenant's profile merged into the extension, field by field and skill by skill; null removes a field. */
export function withProfile(card: AgentCard, profile: JsonObject | null): AgentCard {
  if (profile === null) return card;
  const said = enterpriseParamsOf(card) ?? {};
  const skills = { ...fieldsOf(said['skills']) };
  for (const [id, settings] of Object.entries(fieldsOf(profile['skills']))) {
    skills[id] = without(null, { ...fieldsOf(skills[id]), ...fieldsOf(settings) });
  }
  const merged = { ...said, ...profile, ...(Object.keys(skills).length === 0 ? {} : { skills }) };
  return withParams(card, without(null, merged));
}

/** The card without the extension's entries for these skills. */
export function withoutSkillSettings(card: AgentCard, skillIds: ReadonlySet<string>): AgentCard {
  const said = enterpriseParamsOf(card);
  if (said === null || skillIds.size === 0) return card;
  const skills = Object.entries(fieldsOf(said['skills'])).filter(([id]) => !skillIds.has(id));
  return withParams(card, { ...said, skills: Object.fromEntries(skills) });
}

/** The card without the agent's health URL, which is an address of the agent's own. */
export function withoutHealthUrl(card: AgentCard): AgentCard {
  const said = enterpriseParamsOf(card);
  if (said?.['healthUrl'] === undefined) return card;
  const { healthUrl: _healthUrl, ...shown } = said;
  return withParams(card, shown);
}

function withParams(card: AgentCard, params: JsonObject): AgentCard {
  const { capabilities } = card;
  const { extensions = [] } = capabilities;
  const isThere = extensions.some(({ uri }) => uri === enterpriseExtensionUri);
  const fresh: readonly AgentExtension[] = isThere ? [] : [{ uri: enterpriseExtensionUri, description }];
  const changed = [...extensions, ...fresh].map((extension) =>
    extension.uri === enterpriseExtensionUri ? { ...extension, params } : extension,
  );
  return { ...card, capabilities: { ...capabilities, extensions: changed } };
}

/** The members of an object; empty for any other value. */
export function fieldsOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function without(unwanted: null, members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== unwanted));
}
