import type { AgentId, InstanceId, TenantId } from '../../kernel/ids.ts';
import type { CardLimit } from '../limits/index.ts';
import type { AgentWire } from '../registry/index.ts';

/** How the platform proves itself to an agent. The secret is sealed; only the upstream adapter opens it. */
export interface UpstreamCredential {
  readonly kind: 'bearer' | 'api-key';
  /** Header that carries an API key. */
  readonly header: string | null;
  readonly sealed: Buffer;
  /** Scheme, host and port the credential may travel to. */
  readonly origin: string;
}

/** One running endpoint of an agent. */
export interface AgentInstance {
  readonly instanceId: InstanceId;
  readonly url: string;
  /** How it is spoken to. */
  readonly wire: AgentWire;
  /** The wire's `tenant` of the card's interface, echoed in every request; null when the card has none. */
  readonly routingTag: string | null;
}

/** An extension on the agent's card. */
export interface DeclaredExtension {
  readonly uri: string;
  /** Callers must name it. */
  readonly required: boolean;
}

/** What a send must know of one agent; a snapshot of its registration. */
export interface Route {
  readonly tenantId: TenantId;
  readonly tenantSlug: string;
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly cardVersion: number;
  readonly streaming: boolean;
  readonly idempotent: boolean;
  readonly priceMicrocredits: bigint;
  readonly taskMsMax: number;
  /** Media types that the card or one of its skills takes; empty when it names none. */
  readonly inputModes: readonly string[];
  readonly extensions: readonly DeclaredExtension[];
  /** How fast it wants to be called; null when its card does not say. */
  readonly cardLimit: CardLimit | null;
  readonly credential: UpstreamCredential | null;
  /** SHA-256 of the public keys that its endpoints may show, base64; none: any whose certificate is vouched for. */
  readonly pinnedKeys: readonly string[];
  /** At least one. */
  readonly instances: readonly AgentInstance[];
}
