import { present } from '../codec/index.ts';
import type { Fields } from '../codec/index.ts';
import type {
  ApiKeyLocation,
  ApiKeySecurityScheme,
  AuthorizationCodeOAuthFlow,
  ClientCredentialsOAuthFlow,
  HttpAuthSecurityScheme,
  ImplicitOAuthFlow,
  OAuth2SecurityScheme,
  MutualTlsSecurityScheme,
  OAuthFlows,
  OpenIdConnectSecurityScheme,
  PasswordOAuthFlow,
  SecurityRequirement,
  SecurityScheme,
} from '../model/index.ts';

/** The security of a card in the model's words. */
export interface CardSecurity {
  readonly schemes?: Readonly<Record<string, SecurityScheme>>;
  /** What the model has in place of a requirement of 0.3, one at least. */
  readonly alternatives: (requirement: Scopes) => readonly SecurityRequirement[];
}

/** A requirement of 0.3: scheme name to scopes, all of them needed. */
export type Scopes = Readonly<Record<string, readonly string[]>>;

/** Requirements that one of 0.3 becomes; more are left out, which asks callers for less choice and never for less proof. */
const alternativesMax = 16;

/**
 * Reads the security schemes of a card. 0.3 lets one OAuth scheme offer several flows, the model one: such a scheme becomes
 * several, the first under its own name, and a requirement of it any one of them.
 */
export function securityFrom(fields: Fields): CardSecurity {
  const read = fields.objectMap('securitySchemes', schemesFrom);
  if (read === undefined) return { alternatives: (requirement) => [requirementOf(requirement)] };
  const schemes = new Map<string, SecurityScheme>();
  const namesOf = new Map<string, readonly string[]>();
  for (const [name, variants] of Object.entries(read)) {
    const names = variants.map(({ suffix }, index) => (index === 0 ? name : freeName(`${name}-${suffix}`, read)));
    names.forEach((variant, index) => {
      const scheme = variants[index]?.scheme;
      if (scheme !== undefined) schemes.set(variant, scheme);
    });
    namesOf.set(name, names);
  }
  return {
    schemes: Object.fromEntries(schemes),
    alternatives: (requirement) => expanded(requirement, namesOf).map(requirementOf),
  };
}

function freeName(name: string, taken: Readonly<Record<string, unknown>>): string {
  return Object.hasOwn(taken, name) ? freeName(`${name}-flow`, taken) : name;
}

function expanded(requirement: Scopes, namesOf: ReadonlyMap<string, readonly string[]>): readonly Scopes[] {
  let alternatives: readonly Scopes[] = [{}];
  for (const [name, scopes] of Object.entries(requirement)) {
    const names = namesOf.get(name) ?? [name];
    alternatives = alternatives
      .flatMap((alternative) => names.map((variant) => ({ ...alternative, [variant]: scopes })))
      .slice(0, alternativesMax);
  }
  return alternatives;
}

function requirementOf(requirement: Scopes): SecurityRequirement {
  const entries = Object.entries(requirement).map(([name, list]) => [name, list.length === 0 ? {} : { list }] as const);
  return entries.length === 0 ? {} : { schemes: Object.fromEntries(entries) };
}

interface Variant {
  /** Told apart from the first by this. */
  readonly suffix: string;
  readonly scheme: SecurityScheme;
}

function schemesFrom(fields: Fields): readonly Variant[] {
  const description = fields.optionalString('description');
  const one = (scheme: SecurityScheme): readonly Variant[] => [{ suffix: '', scheme }];
  switch (fields.optionalString('type')) {
    case 'apiKey': {
      const [location, name] = [locationFrom(fields), fields.requiredString('name')];
      return one({ apiKeySecurityScheme: present<ApiKeySecurityScheme>({ description, location, name }) });
    }
    case 'http': {
      const [scheme, bearerFormat] = [fields.requiredString('scheme'), fields.optionalString('bearerFormat')];
      return one({ httpAuthSecurityScheme: present<HttpAuthSecurityScheme>({ description, scheme, bearerFormat }) });
    }
    case 'oauth2':
      return oauth2From(fields, description);
    case 'openIdConnect': {
      const openIdConnectUrl = fields.requiredString('openIdConnectUrl');
      const scheme = present<OpenIdConnectSecurityScheme>({ description, openIdConnectUrl });
      return one({ openIdConnectSecurityScheme: scheme });
    }
    case 'mutualTLS':
      return one({ mtlsSecurityScheme: present<MutualTlsSecurityScheme>({ description }) });
    default:
      fields.violate('type', 'must be one of apiKey, http, oauth2, openIdConnect, mutualTLS');
      return [];
  }
}

const locations: readonly ApiKeyLocation[] = ['query', 'header', 'cookie'];

function locationFrom(fields: Fields): ApiKeyLocation {
  const text = fields.requiredString('in');
  const location = locations.find((candidate) => candidate === text);
  if (location === undefined && text !== '') fields.violate('in', `must be one of ${locations.join(', ')}`);
  return location ?? 'header';
}

function oauth2From(fields: Fields, description: string | undefined): readonly Variant[] {
  const oauth2MetadataUrl = fields.optionalString('oauth2MetadataUrl');
  const flows = fields.requiredObject('flows', flowsFrom);
  return flows.map((flow) => ({
    suffix: Object.keys(flow)[0] ?? '',
    scheme: { oauth2SecurityScheme: present<OAuth2SecurityScheme>({ description, flows: flow, oauth2MetadataUrl }) },
  }));
}

function flowsFrom(fields: Fields): readonly OAuthFlows[] {
  const authorizationCode = fields.object('authorizationCode', authorizationCodeFrom);
  const clientCredentials = fields.object('clientCredentials', clientCredentialsFrom);
  const implicit = fields.object('implicit', implicitFrom);
  const password = fields.object('password', passwordFrom);
  const flows: readonly OAuthFlows[] = [
    ...(authorizationCode === undefined ? [] : [{ authorizationCode }]),
    ...(clientCredentials === undefined ? [] : [{ clientCredentials }]),
    ...(implicit === undefined ? [] : [{ implicit }]),
    ...(password === undefined ? [] : [{ password }]),
  ];
  if (flows.length === 0) fields.violate('', 'must have one flow at least');
  return flows;
}

function authorizationCodeFrom(fields: Fields): AuthorizationCodeOAuthFlow {
  return present<AuthorizationCodeOAuthFlow>({
    authorizationUrl: fields.requiredString('authorizationUrl'),
    tokenUrl: fields.requiredString('tokenUrl'),
    refreshUrl: fields.optionalString('refreshUrl'),
    scopes: fields.stringMap('scopes') ?? {},
    pkceRequired: undefined,
  });
}

function clientCredentialsFrom(fields: Fields): ClientCredentialsOAuthFlow {
  return present<ClientCredentialsOAuthFlow>({
    tokenUrl: fields.requiredString('tokenUrl'),
    refreshUrl: fields.optionalString('refreshUrl'),
    scopes: fields.stringMap('scopes') ?? {},
  });
}

function implicitFrom(fields: Fields): ImplicitOAuthFlow {
  return present<ImplicitOAuthFlow>({
    authorizationUrl: fields.optionalString('authorizationUrl'),
    refreshUrl: fields.optionalString('refreshUrl'),
    scopes: fields.stringMap('scopes'),
  });
}

function passwordFrom(fields: Fields): PasswordOAuthFlow {
  return present<PasswordOAuthFlow>({
    tokenUrl: fields.optionalString('tokenUrl'),
    refreshUrl: fields.optionalString('refreshUrl'),
    scopes: fields.stringMap('scopes'),
  });
}
