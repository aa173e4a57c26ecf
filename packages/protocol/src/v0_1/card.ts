import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  AgentCapabilities,
  AgentCard,
  AgentProvider,
  AgentSkill,
  SecurityRequirement,
  SecurityScheme,
} from '../model/index.ts';

/** `Major.Minor` of this wire, as an interface of the model names it. */
export const legacyVersion = '0.1';

/** Media types of the modes that this wire names by a word. */
const mediaTypes: ReadonlyMap<string, string> = new Map([
  ['text', 'text/plain'],
  ['data', 'application/json'],
  ['file', 'application/octet-stream'],
]);

/**
 * Decodes an A2A 0.1 `AgentCard`. It has one interface: JSON-RPC at its URL. What the model wants and this card lacks is filled in
 * empty. Throws {@link DecodeError}.
 */
export function decodeAgentCard(value: unknown, limits: DecodeLimits): AgentCard {
  return decodeObject(value, limits, (fields) => {
    const schemes = fields.object('authentication', (inner) => inner.strings('schemes')) ?? [];
    return present<AgentCard>({
      name: fields.requiredString('name'),
      description: fields.optionalString('description') ?? '',
      supportedInterfaces: [
        { url: fields.requiredString('url'), protocolBinding: 'JSONRPC', protocolVersion: legacyVersion },
      ],
      provider: fields.object('provider', providerFrom),
      version: fields.requiredString('version'),
      documentationUrl: fields.optionalString('documentationUrl'),
      capabilities: fields.requiredObject('capabilities', capabilitiesFrom),
      securitySchemes: schemes.length === 0 ? undefined : Object.fromEntries(schemes.map(schemeOf)),
      securityRequirements: schemes.length === 0 ? undefined : schemes.map(requirementOf),
      defaultInputModes: modesFrom(fields, 'defaultInputModes') ?? ['text/plain'],
      defaultOutputModes: modesFrom(fields, 'defaultOutputModes') ?? ['text/plain'],
      skills: fields.objects('skills', limits.itemsMax, skillFrom) ?? [],
      signatures: undefined,
      iconUrl: undefined,
    });
  });
}

/** The model wants a URL, which this wire may leave out: then there is no provider to speak of. */
function providerFrom(fields: Fields): AgentProvider | undefined {
  const organization = fields.requiredString('organization');
  const url = fields.optionalString('url');
  return url === undefined ? undefined : { url, organization };
}

function capabilitiesFrom(fields: Fields): AgentCapabilities {
  return present<AgentCapabilities>({
    streaming: fields.boolean('streaming'),
    pushNotifications: fields.boolean('pushNotifications'),
    extensions: undefined,
    extendedAgentCard: undefined,
  });
}

function skillFrom(fields: Fields): AgentSkill {
  return present<AgentSkill>({
    id: fields.requiredId('id'),
    name: fields.requiredString('name'),
    description: fields.optionalString('description') ?? '',
    tags: fields.strings('tags') ?? [],
    examples: fields.strings('examples'),
    inputModes: modesFrom(fields, 'inputModes'),
    outputModes: modesFrom(fields, 'outputModes'),
    securityRequirements: undefined,
  });
}

function modesFrom(fields: Fields, name: string): readonly string[] | undefined {
  return fields.strings(name)?.map((mode) => mediaTypes.get(mode) ?? mode);
}

/** Any one of the schemes is enough. */
function schemeOf(scheme: string): readonly [string, SecurityScheme] {
  return [scheme, { httpAuthSecurityScheme: { scheme } }];
}

function requirementOf(scheme: string): SecurityRequirement {
  return { schemes: { [scheme]: {} } };
}

/**
 * What a card of A2A 0.1 says of authentication: the HTTP schemes, by name. Later cards have other members for it, so it can stand
 * beside theirs.
 */
export function authenticationOf({ securitySchemes = {} }: AgentCard): { readonly schemes: readonly string[] } {
  const schemes = Object.values(securitySchemes).flatMap((scheme) =>
    'httpAuthSecurityScheme' in scheme ? [scheme.httpAuthSecurityScheme.scheme] : [],
  );
  return { schemes: [...new Set(schemes)] };
}
