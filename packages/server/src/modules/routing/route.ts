import type { JsonObject } from '@colloquy/protocol';
import type { AgentId, InstanceId, TenantId } from '../../kernel/ids.ts';
import type { CardLimit } from '../limits/index.ts';
import type { AgentPolicies } from '../resilience/index.ts';
import type { AgentTier, AgentWire } from '../registry/index.ts';
import type { RoutingPolicy } from './routing-policy.ts';
import type { InstanceAdmission, JudgedHealth } from '../instances/index.ts';

/** How the platform proves itself to an agent. The secret is sealed; only the upstream adapter opens it. */
export interface UpstreamCredential {
  readonly kind: 'bearer' | 'api-key';
  /** Header that carries an API key. */
  readonly header: string | null;
  readonly sealed: Buffer;
  /** Scheme, host and port the credential may travel to. */
  readonly origin: string;
}

/** How well an instance is, as its probes, its calls and its own word tell. */
export interface InstanceHealth extends JudgedHealth {
  /** Since when it is in this state, in milliseconds of the database's time. */
  readonly sinceMs: number;
}

/** One running endpoint of an agent. */
export interface AgentInstance {
  readonly instanceId: InstanceId;
  readonly url: string;
  /** How it is spoken to. */
  readonly wire: AgentWire;
  /** The wire's `tenant` of the card's interface, echoed in every request; null when the card has none. */
  readonly routingTag: string | null;
  /** Which version of the agent runs here, in its own words; null when nobody said. */
  readonly version: string | null;
  /** Its share of the traffic against the agent's other instances, from 0 (none) to 1000; 100 unless somebody set it. */
  readonly weight: number;
  /** Lower-case letters, digits and hyphens; null when nobody said. */
  readonly region: string | null;
  readonly admission: InstanceAdmission;
  /** How many tasks it works on at once; null for no bound of its own. */
  readonly slotsMax: number | null;
  readonly health: InstanceHealth;
}

/** An extension on the agent's card. */
export interface DeclaredExtension {
  readonly uri: string;
  /** Callers must name it. */
  readonly required: boolean;
}

/** What the card promises of one skill. */
export interface RouteSkill {
  readonly skillId: string;
  /** Whether sending one messageId twice has the effect of sending it once; what the registration says where the card does not. */
  readonly idempotent: boolean;
  /** How long a task usually takes; null where the card does not say. */
  readonly estimatedMs: number | null;
  /** How long a result may be used again; null: its results are not kept. */
  readonly cacheTtlMs: number | null;
  /** Null: the agent's price. */
  readonly priceMicrocredits: bigint | null;
  /** JSON Schema 2020-12; null: any input. */
  readonly inputSchema: JsonObject | null;
  /** JSON Schema 2020-12; null: any output. */
  readonly outputSchema: JsonObject | null;
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
  /** How urgent its tasks are when there is more work than room. */
  readonly tier: AgentTier;
  /** Tasks that it works on at a time, over all instances and processes; null for as many as come. */
  readonly slotsMax: number | null;
  /** By their ids. */
  readonly skills: ReadonlyMap<string, RouteSkill>;
  /** How it is called when things go wrong; absent: as any agent is. */
  readonly resilience?: AgentPolicies;
  /** Media types that the card or one of its skills takes; empty when it names none. */
  readonly inputModes: readonly string[];
  readonly extensions: readonly DeclaredExtension[];
  /** How fast it wants to be called; null when its card does not say. */
  readonly cardLimit: CardLimit | null;
  readonly credential: UpstreamCredential | null;
  /** SHA-256 of the public keys that its endpoints may show, base64; none: any whose certificate is vouched for. */
  readonly pinnedKeys: readonly string[];
  /** How an instance is chosen; absent for the policy that every agent has unless somebody says otherwise. */
  readonly routing?: RoutingPolicy;
  /** At least one. */
  readonly instances: readonly AgentInstance[];
}
