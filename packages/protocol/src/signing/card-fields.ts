/**
 * How a field of a card stands in the signed form (A2A 1.0 section 8.4.1): `required` fields are always there, `tracked` ones exactly when
 * they were set, `plain` ones unless they hold their type's default, and a `struct` stays as it is.
 */
export type FieldRule =
  | { readonly kind: 'required'; readonly empty: '' | 'list' | 'map' }
  | { readonly kind: 'tracked' | 'plain' | 'struct' }
  | {
      readonly kind: 'message';
      readonly shape: ShapeName;
      readonly many?: 'list' | 'map';
      readonly required?: 'list' | 'message';
    };

const text: FieldRule = { kind: 'required', empty: '' };
const list: FieldRule = { kind: 'required', empty: 'list' };
const map: FieldRule = { kind: 'required', empty: 'map' };
const tracked: FieldRule = { kind: 'tracked' };
const plain: FieldRule = { kind: 'plain' };
const requirements: FieldRule = { kind: 'message', shape: 'SecurityRequirement', many: 'list' };
const message = (shape: ShapeName): FieldRule => ({ kind: 'message', shape });

/** Names of the messages that a card is made of. */
export type ShapeName =
  | 'AgentCard'
  | 'AgentInterface'
  | 'AgentProvider'
  | 'AgentCapabilities'
  | 'AgentExtension'
  | 'AgentSkill'
  | 'SecurityRequirement'
  | 'StringList'
  | 'SecurityScheme'
  | 'ApiKeyScheme'
  | 'HttpAuthScheme'
  | 'OAuth2Scheme'
  | 'OpenIdConnectScheme'
  | 'MutualTlsScheme'
  | 'OAuthFlows'
  | 'AuthorizationCodeFlow'
  | 'ClientCredentialsFlow'
  | 'DeviceCodeFlow'
  | 'DeprecatedFlow';

/** The fields of a card and of everything inside it, by message (A2A 1.0, `a2a.proto`). */
export const cardFields: Readonly<Record<ShapeName, Readonly<Record<string, FieldRule>>>> = {
  AgentCard: {
    name: text,
    description: text,
    supportedInterfaces: { kind: 'message', shape: 'AgentInterface', many: 'list', required: 'list' },
    provider: message('AgentProvider'),
    version: text,
    documentationUrl: tracked,
    capabilities: { kind: 'message', shape: 'AgentCapabilities', required: 'message' },
    securitySchemes: { kind: 'message', shape: 'SecurityScheme', many: 'map' },
    securityRequirements: requirements,
    defaultInputModes: list,
    defaultOutputModes: list,
    skills: { kind: 'message', shape: 'AgentSkill', many: 'list', required: 'list' },
    iconUrl: tracked,
  },
  AgentInterface: { url: text, protocolBinding: text, tenant: plain, protocolVersion: text },
  AgentProvider: { url: text, organization: text },
  AgentCapabilities: {
    streaming: tracked,
    pushNotifications: tracked,
    extensions: { kind: 'message', shape: 'AgentExtension', many: 'list' },
    extendedAgentCard: tracked,
  },
  AgentExtension: { uri: plain, description: plain, required: plain, params: { kind: 'struct' } },
  AgentSkill: {
    id: text,
    name: text,
    description: text,
    tags: list,
    examples: plain,
    inputModes: plain,
    outputModes: plain,
    securityRequirements: requirements,
  },
  SecurityRequirement: { schemes: { kind: 'message', shape: 'StringList', many: 'map' } },
  StringList: { list: plain },
  SecurityScheme: {
    apiKeySecurityScheme: message('ApiKeyScheme'),
    httpAuthSecurityScheme: message('HttpAuthScheme'),
    oauth2SecurityScheme: message('OAuth2Scheme'),
    openIdConnectSecurityScheme: message('OpenIdConnectScheme'),
    mtlsSecurityScheme: message('MutualTlsScheme'),
  },
  ApiKeyScheme: { description: plain, location: text, name: text },
  HttpAuthScheme: { description: plain, scheme: text, bearerFormat: plain },
  OAuth2Scheme: {
    description: plain,
    flows: { kind: 'message', shape: 'OAuthFlows', required: 'message' },
    oauth2MetadataUrl: plain,
  },
  OpenIdConnectScheme: { description: plain, openIdConnectUrl: text },
  MutualTlsScheme: { description: plain },
  OAuthFlows: {
    authorizationCode: message('AuthorizationCodeFlow'),
    clientCredentials: message('ClientCredentialsFlow'),
    deviceCode: message('DeviceCodeFlow'),
    implicit: message('DeprecatedFlow'),
    password: message('DeprecatedFlow'),
  },
  AuthorizationCodeFlow: {
    authorizationUrl: text,
    tokenUrl: text,
    refreshUrl: plain,
    scopes: map,
    pkceRequired: plain,
  },
  ClientCredentialsFlow: { tokenUrl: text, refreshUrl: plain, scopes: map },
  DeviceCodeFlow: { deviceAuthorizationUrl: text, tokenUrl: text, refreshUrl: plain, scopes: map },
  DeprecatedFlow: { authorizationUrl: plain, tokenUrl: plain, refreshUrl: plain, scopes: plain },
};
