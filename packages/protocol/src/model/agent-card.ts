import type { JsonObject } from './json-value.ts';
import type { SecurityRequirement, SecurityScheme } from './security-scheme.ts';

/** One way to reach an agent (A2A 1.0 `AgentInterface`). */
export interface AgentInterface {
  /** Absolute URL for HTTP bindings, bare `host:port` for `GRPC`. */
  readonly url: string;
  /** `JSONRPC`, `GRPC`, `HTTP+JSON`, or a URI for a custom binding. */
  readonly protocolBinding: string;
  /** The wire's `tenant`: clients echo it in every request to this interface. Never empty. */
  readonly routingTag?: string;
  /** `Major.Minor`. */
  readonly protocolVersion: string;
}

/** Who runs the agent (A2A 1.0 `AgentProvider`). */
export interface AgentProvider {
  readonly url: string;
  readonly organization: string;
}

/** A protocol extension the agent offers or requires (A2A 1.0 `AgentExtension`). */
export interface AgentExtension {
  readonly uri?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly params?: JsonObject;
}

/** Optional protocol features (A2A 1.0 `AgentCapabilities`). Absent and `false` differ for signatures, not for behaviour. */
export interface AgentCapabilities {
  readonly streaming?: boolean;
  readonly pushNotifications?: boolean;
  readonly extensions?: readonly AgentExtension[];
  readonly extendedAgentCard?: boolean;
}

/** Something the agent can do (A2A 1.0 `AgentSkill`). */
export interface AgentSkill {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly examples?: readonly string[];
  /** Media types; absent means the card's defaults. */
  readonly inputModes?: readonly string[];
  readonly outputModes?: readonly string[];
  readonly securityRequirements?: readonly SecurityRequirement[];
}

/** A detached JWS over the card (A2A 1.0 `AgentCardSignature`, RFC 7515). */
export interface AgentCardSignature {
  /** base64url of the protected header. */
  readonly protected: string;
  /** base64url of the signature. */
  readonly signature: string;
  readonly header?: JsonObject;
}

/** The published description of an agent (A2A 1.0 `AgentCard`). */
export interface AgentCard {
  readonly name: string;
  readonly description: string;
  /** In order of preference; one at least. */
  readonly supportedInterfaces: readonly AgentInterface[];
  readonly provider?: AgentProvider;
  readonly version: string;
  readonly documentationUrl?: string;
  readonly capabilities: AgentCapabilities;
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  readonly securityRequirements?: readonly SecurityRequirement[];
  /** Media types every skill accepts unless it says otherwise. */
  readonly defaultInputModes: readonly string[];
  readonly defaultOutputModes: readonly string[];
  readonly skills: readonly AgentSkill[];
  readonly signatures?: readonly AgentCardSignature[];
  readonly iconUrl?: string;
}
