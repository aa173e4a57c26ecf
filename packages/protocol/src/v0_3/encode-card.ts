import type {
  AgentCard,
  AgentInterface,
  AgentSkill,
  OAuthFlows,
  SecurityRequirement,
  SecurityScheme,
} from '../model/index.ts';
import type { Dialect } from './names.ts';

/**
 * An A2A 0.3 `AgentCard` as JSON text: `json` is the card of discovery and of JSON-RPC, `proto` that of `GET /v1/card`. Its
 * interfaces are those of version 0.3; the card must have one. Signatures are left out: they stand for other bytes. OAuth device
 * codes and `pkceRequired` are unknown to 0.3; a scheme of device codes keeps its name and description.
 */
export function encodeAgentCard(card: AgentCard, dialect: Dialect = 'json'): string {
  const [first, ...others] = card.supportedInterfaces.filter(({ protocolVersion }) => protocolVersion === '0.3');
  if (first === undefined) throw new RangeError('a card of 0.3 needs an interface of 0.3');
  const { name, description, version, provider, documentationUrl, defaultInputModes, defaultOutputModes } = card;
  const { extendedAgentCard, ...capabilities } = card.capabilities;
  return JSON.stringify({
    protocolVersion: '0.3.0',
    name,
    description,
    url: first.url,
    preferredTransport: first.protocolBinding,
    additionalInterfaces: [first, ...others].map(wireInterface),
    iconUrl: dialect === 'json' ? card.iconUrl : undefined,
    provider,
    version,
    documentationUrl,
    capabilities,
    securitySchemes: dialect === 'json' ? mapped(card.securitySchemes, wireScheme) : card.securitySchemes,
    security: wireSecurity(card.securityRequirements, dialect),
    defaultInputModes,
    defaultOutputModes,
    skills: card.skills.map((skill) => wireSkill(skill, dialect)),
    supportsAuthenticatedExtendedCard: extendedAgentCard,
  });
}

function wireInterface({ url, protocolBinding }: AgentInterface): object {
  return { url, transport: protocolBinding };
}

function wireSkill({ securityRequirements, ...skill }: AgentSkill, dialect: Dialect): object {
  return { ...skill, security: wireSecurity(securityRequirements, dialect) };
}

function wireSecurity(requirements: readonly SecurityRequirement[] | undefined, dialect: Dialect): unknown {
  if (dialect === 'proto') return requirements;
  return requirements?.map(({ schemes }) => mapped(schemes ?? {}, ({ list }) => list ?? []));
}

function wireScheme(scheme: SecurityScheme): object {
  if ('apiKeySecurityScheme' in scheme) {
    const { description, location, name } = scheme.apiKeySecurityScheme;
    return { type: 'apiKey', description, in: location, name };
  }
  if ('httpAuthSecurityScheme' in scheme) return { type: 'http', ...scheme.httpAuthSecurityScheme };
  if ('openIdConnectSecurityScheme' in scheme) return { type: 'openIdConnect', ...scheme.openIdConnectSecurityScheme };
  if ('mtlsSecurityScheme' in scheme) return { type: 'mutualTLS', ...scheme.mtlsSecurityScheme };
  const { description, flows, oauth2MetadataUrl } = scheme.oauth2SecurityScheme;
  return { type: 'oauth2', description, flows: wireFlows(flows), oauth2MetadataUrl };
}

function wireFlows(flows: OAuthFlows): object {
  if ('deviceCode' in flows) return {};
  if (!('authorizationCode' in flows)) return flows;
  const { pkceRequired: _unknown, ...authorizationCode } = flows.authorizationCode;
  return { authorizationCode };
}

function mapped<T, U>(
  entries: Readonly<Record<string, T>> | undefined,
  map: (value: T) => U,
): Readonly<Record<string, U>> | undefined {
  if (entries === undefined) return undefined;
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, map(value)]));
}
