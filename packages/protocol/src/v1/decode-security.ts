import { present } from '../codec/index.ts';
import type { Fields } from '../codec/index.ts';
import type {
  ApiKeyLocation,
  ApiKeySecurityScheme,
  AuthorizationCodeOAuthFlow,
  ClientCredentialsOAuthFlow,
  DeviceCodeOAuthFlow,
  HttpAuthSecurityScheme,
  ImplicitOAuthFlow,
  MutualTlsSecurityScheme,
  OAuth2SecurityScheme,
  OAuthFlows,
  OpenIdConnectSecurityScheme,
  PasswordOAuthFlow,
  SecurityRequirement,
  SecurityScheme,
} from '../model/index.ts';

/** Reads a `SecurityRequirement`. */
export function requirementFrom(fields: Fields): SecurityRequirement {
  return present<SecurityRequirement>({
    schemes: fields.objectMap('schemes', (scopes) =>
      present<{ list?: readonly string[] }>({ list: scopes.strings('list') }),
    ),
  });
}

/** Reads a `SecurityScheme`: exactly one kind. */
export function securitySchemeFrom(fields: Fields): SecurityScheme {
  const kind = fields.oneOf([
    'apiKeySecurityScheme',
    'httpAuthSecurityScheme',
    'oauth2SecurityScheme',
    'openIdConnectSecurityScheme',
    'mtlsSecurityScheme',
  ]);
  switch (kind) {
    case 'apiKeySecurityScheme':
      return { apiKeySecurityScheme: fields.requiredObject(kind, apiKeyFrom) };
    case 'httpAuthSecurityScheme':
      return { httpAuthSecurityScheme: fields.requiredObject(kind, httpAuthFrom) };
    case 'oauth2SecurityScheme':
      return { oauth2SecurityScheme: fields.requiredObject(kind, oauth2From) };
    case 'openIdConnectSecurityScheme':
      return { openIdConnectSecurityScheme: fields.requiredObject(kind, openIdConnectFrom) };
    default:
      return { mtlsSecurityScheme: fields.object('mtlsSecurityScheme', mtlsFrom) ?? {} };
  }
}

const locations: readonly ApiKeyLocation[] = ['query', 'header', 'cookie'];

function apiKeyFrom(fields: Fields): ApiKeySecurityScheme {
  const text = fields.requiredString('location');
  const location = locations.find((candidate) => candidate === text);
  if (location === undefined && text !== '') fields.violate('location', `must be one of ${locations.join(', ')}`);
  return present<ApiKeySecurityScheme>({
    description: fields.optionalString('description'),
    location: location ?? 'header',
    name: fields.requiredString('name'),
  });
}

function httpAuthFrom(fields: Fields): HttpAuthSecurityScheme {
  return present<HttpAuthSecurityScheme>({
    description: fields.optionalString('description'),
    scheme: fields.requiredString('scheme'),
    bearerFormat: fields.optionalString('bearerFormat'),
  });
}

function oauth2From(fields: Fields): OAuth2SecurityScheme {
  return present<OAuth2SecurityScheme>({
    description: fields.optionalString('description'),
    flows: fields.requiredObject('flows', flowsFrom),
    oauth2MetadataUrl: fields.optionalString('oauth2MetadataUrl'),
  });
}

function openIdConnectFrom(fields: Fields): OpenIdConnectSecurityScheme {
  return present<OpenIdConnectSecurityScheme>({
    description: fields.optionalString('description'),
    openIdConnectUrl: fields.requiredString('openIdConnectUrl'),
  });
}

function mtlsFrom(fields: Fields): MutualTlsSecurityScheme {
  return present<MutualTlsSecurityScheme>({ description: fields.optionalString('description') });
}

function flowsFrom(fields: Fields): OAuthFlows {
  const flow = fields.oneOf(['authorizationCode', 'clientCredentials', 'implicit', 'password', 'deviceCode']);
  switch (flow) {
    case 'authorizationCode':
      return { authorizationCode: fields.requiredObject(flow, authorizationCodeFrom) };
    case 'clientCredentials':
      return { clientCredentials: fields.requiredObject(flow, clientCredentialsFrom) };
    case 'deviceCode':
      return { deviceCode: fields.requiredObject(flow, deviceCodeFrom) };
    case 'password':
      return { password: fields.requiredObject(flow, passwordFrom) };
    default:
      return { implicit: fields.object('implicit', implicitFrom) ?? {} };
  }
}

/** Scopes are required, but ProtoJSON writers leave out an empty map. */
function scopesFrom(fields: Fields): Readonly<Record<string, string>> {
  return fields.stringMap('scopes') ?? {};
}

function authorizationCodeFrom(fields: Fields): AuthorizationCodeOAuthFlow {
  return present<AuthorizationCodeOAuthFlow>({
    authorizationUrl: fields.requiredString('authorizationUrl'),
    tokenUrl: fields.requiredString('tokenUrl'),
    refreshUrl: fields.optionalString('refreshUrl'),
    scopes: scopesFrom(fields),
    pkceRequired: fields.flag('pkceRequired'),
  });
}

function clientCredentialsFrom(fields: Fields): ClientCredentialsOAuthFlow {
  return present<ClientCredentialsOAuthFlow>({
    tokenUrl: fields.requiredString('tokenUrl'),
    refreshUrl: fields.optionalString('refreshUrl'),
    scopes: scopesFrom(fields),
  });
}

function deviceCodeFrom(fields: Fields): DeviceCodeOAuthFlow {
  return present<DeviceCodeOAuthFlow>({
    deviceAuthorizationUrl: fields.requiredString('deviceAuthorizationUrl'),
    tokenUrl: fields.requiredString('tokenUrl'),
    refreshUrl: fields.optionalString('refreshUrl'),
    scopes: scopesFrom(fields),
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
