import { decodeObject, isRecord, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  AgentCapabilities,
  AgentCard,
  AgentProvider,
  AgentSkill,
  JsonObject,
  SecurityRequirement,
  SecurityScheme,
} from '../model/index.ts';

/** The binding that names this wire among the interfaces of a card. A2A leaves bindings open to URIs. */
export const acpRpcBinding = 'urn:colloquy:binding:acp-rpc';

/** `Major.Minor` of this wire. */
export const acpRpcVersion = '1.0';

/** Media types of the modes that this wire names by a word. */
const mediaTypes: ReadonlyMap<string, string> = new Map([
  ['text', 'text/plain'],
  ['data', 'application/json'],
  ['file', 'application/octet-stream'],
  ['image', 'image/*'],
  ['audio', 'audio/*'],
]);

/** Whether a parsed card is of ACP-RPC: A2A before 0.3 had its card at the same path. */
export function isAcpRpcCard(card: unknown): boolean {
  if (!isRecord(card) || card['supportedInterfaces'] !== undefined || card['protocolVersion'] !== undefined)
    return false;
  const { authentication, methods, url } = card;
  if (Array.isArray(methods) || (typeof url === 'string' && url.endsWith('/jsonrpc'))) return true;
  return isRecord(authentication) && Array.isArray(authentication['schemes']);
}

/**
 * Decodes a card of ACP-RPC, also the flat one that servers in the field publish. A relative `url` is one of the host at `origin`.
 * What the model wants and the card lacks is filled in empty. Throws {@link DecodeError}.
 */
export function decodeAgentCard(value: unknown, limits: DecodeLimits, origin: string): AgentCard {
  return decodeObject(value, limits, (fields) => {
    const { schemes, scopes } = fields.object('authentication', authenticationFrom) ?? { schemes: [], scopes: [] };
    return present<AgentCard>({
      name: fields.requiredString('name'),
      description: fields.optionalString('description') ?? '',
      supportedInterfaces: [
        { url: urlFrom(fields, origin), protocolBinding: acpRpcBinding, protocolVersion: acpRpcVersion },
      ],
      provider: fields.object('provider', (provider) => providerFrom(provider, origin)),
      version: fields.requiredString('version'),
      documentationUrl: undefined,
      capabilities: fields.object('capabilities', capabilitiesFrom) ?? {},
      securitySchemes: schemes.length === 0 ? undefined : Object.fromEntries(schemes.map(schemeOf)),
      securityRequirements: schemes.length === 0 ? undefined : schemes.map((scheme) => requirementOf(scheme, scopes)),
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
      skills: skillsFrom(fields),
      signatures: undefined,
      iconUrl: undefined,
    });
  });
}

function urlFrom(fields: Fields, origin: string): string {
  const url = fields.requiredString('url');
  if (URL.canParse(url, origin)) return new URL(url, origin).href;
  fields.violate('url', 'must be a URL');
  return '';
}

function providerFrom(fields: Fields, origin: string): AgentProvider {
  return { url: fields.optionalString('website') ?? origin, organization: fields.requiredString('organization') };
}

function authenticationFrom(fields: Fields): { schemes: readonly string[]; scopes: readonly string[] } {
  return { schemes: fields.strings('schemes') ?? ['oauth2'], scopes: fields.strings('scopes') ?? [] };
}

/** The flat card says `notifications` for push notifications. */
function capabilitiesFrom(fields: Fields): AgentCapabilities {
  return present<AgentCapabilities>({
    streaming: fields.boolean('streaming'),
    pushNotifications: fields.boolean('pushNotifications') ?? fields.boolean('notifications'),
    extensions: undefined,
    extendedAgentCard: undefined,
  });
}

/** Any one of the schemes is enough. The card does not say where tokens come from, so each is the bearer token or key of HTTP. */
function schemeOf(scheme: string): readonly [string, SecurityScheme] {
  if (scheme !== 'apikey') return [scheme, { httpAuthSecurityScheme: { scheme: 'Bearer' } }];
  return [scheme, { apiKeySecurityScheme: { location: 'header', name: 'X-API-Key' } }];
}

function requirementOf(scheme: string, scopes: readonly string[]): SecurityRequirement {
  return { schemes: { [scheme]: scopes.length === 0 ? {} : { list: scopes } } };
}

/** A2A wants tags of each skill; this wire has them for the agent. */
function skillsFrom(fields: Fields): readonly AgentSkill[] {
  const tags =
    fields.object('metadata', (metadata) => {
      const category = metadata.optionalString('category');
      return metadata.strings('tags') ?? (category === undefined ? [] : [category]);
    }) ?? [];
  const skills = fields.objects('skills', fields.limits.itemsMax, (skill) =>
    present<AgentSkill>({
      id: skill.requiredId('id'),
      name: skill.requiredString('name'),
      description: skill.optionalString('description') ?? '',
      tags,
      examples: undefined,
      inputModes: modesFrom(skill, 'inputModes'),
      outputModes: modesFrom(skill, 'outputModes'),
      securityRequirements: undefined,
    }),
  );
  return skills ?? [];
}

function modesFrom(fields: Fields, name: string): readonly string[] | undefined {
  return fields.strings(name)?.map((mode) => mediaTypes.get(mode) ?? mode);
}

/** What of the endpoint a card says. */
export interface CardEndpoint {
  /** The full URL, which ends with `/jsonrpc`. */
  readonly url: string;
  readonly scopes: readonly string[];
}

/** A card of the model as JSON text of this wire. Its schema is closed and bounded: what does not fit is cut or left out. */
export function encodeAgentCard(card: AgentCard, { url, scopes }: CardEndpoint): string {
  const { name, description, version, provider, capabilities, skills } = card;
  const tags = [...new Set(skills.flatMap((skill) => skill.tags))];
  return JSON.stringify({
    name: cut(name, 100),
    description: cut(description === '' ? name : description, 500),
    version: versionOf(version),
    url,
    provider:
      provider === undefined
        ? undefined
        : { organization: provider.organization, ...(URL.canParse(provider.url) ? { website: provider.url } : {}) },
    capabilities: {
      streaming: capabilities.streaming ?? false,
      pushNotifications: capabilities.pushNotifications ?? false,
    },
    authentication: { schemes: ['oauth2'], scopes },
    skills: skills.length === 0 ? undefined : skills.map((skill) => wireSkill(skill, card)),
    metadata: tags.length === 0 ? undefined : { tags },
  });
}

function wireSkill(skill: AgentSkill, { defaultInputModes, defaultOutputModes }: AgentCard): JsonObject {
  const id = skill.id.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-');
  return {
    id,
    name: skill.name,
    description: skill.description,
    inputModes: wordsOf(skill.inputModes ?? defaultInputModes),
    outputModes: wordsOf(skill.outputModes ?? defaultOutputModes),
  };
}

function wordsOf(modes: readonly string[]): readonly string[] {
  const words = modes.map((mode) => {
    if (mode.startsWith('text/')) return 'text';
    if (mode === 'application/json' || mode.endsWith('+json')) return 'data';
    return ['image', 'audio'].find((word) => mode.startsWith(`${word}/`)) ?? 'file';
  });
  return words.length === 0 ? ['text'] : [...new Set(words)];
}

/** This wire wants three numbers. */
function versionOf(version: string): string {
  const [, major = '0', minor = '0', patch = '0'] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return `${major}.${minor}.${patch}`;
}

function cut(text: string, charsMax: number): string {
  return text.slice(0, charsMax).toWellFormed();
}
