import type { JsonObject } from '@colloquy/protocol';
import type { AgentId, InstanceId, TenantId } from '../../kernel/ids.ts';
import type { TenantBudgets } from '../budgets/index.ts';
import type { CardLimit } from '../limits/index.ts';
import type { AgentPrices } from '../prices/index.ts';
import type { AgentPolicies } from '../resilience/index.ts';
import type { AgentTier, AgentWire } from '../registry/index.ts';
import type { RoutingPolicy } from './routing-policy.ts';
import type { InstanceAdmission, JudgedHealth } from '../instances/index.ts';

/** The credential for an agent. The secret is sealed; only the upstream adapter unseals it. */
export interface UpstreamCredential {
  readonly kind: 'bearer' | 'api-key';
  /** Header that carries an API key. */
  readonly header: string | null;
  readonly sealed: Buffer;
  /** The only scheme, host and port that it may be sent to. */
  readonly origin: string;
}

/** The health of an instance, from probes, calls and its own reports. */
export interface InstanceHealth extends JudgedHealth {
  /** Since when it is in this state, in milliseconds of the database's time. */
  readonly sinceMs: number;
}

/** One running endpoint of an agent. */
export interface AgentInstance {
  readonly instanceId: InstanceId;
  readonly url: string;
  /** Protocol version and binding. */
  readonly wire: AgentWire;
  /** The wire's `tenant` of the card's interface, echoed in every request; null when the card has none. */
  readonly routingTag: string | null;
  /** The agent's version at this instance; null when it is not set. */
  readonly version: string | null;
  /** Relative share of the agent's traffic, from 0 (none) to 1000; default 100. */
  readonly weight: number;
  /** Lower-case letters, digits and hyphens; null when it is not set. */
  readonly region: string | null;
  readonly admission: InstanceAdmission;
  /** Concurrency limit of the instance; null for none. */
  readonly slotsMax: number | null;
  readonly health: InstanceHealth;
}

/** An extension on the agent's card. */
export interface DeclaredExtension {
  readonly uri: string;
  /** Callers must name it. */
  readonly required: boolean;
}

/** The promises of one skill. */
export interface RouteSkill {
  readonly skillId: string;
  /** Whether sending one messageId twice has the effect of sending it once; what the registration says where the card does not. */
  readonly idempotent: boolean;
  /** Typical duration of a task; null when the card does not say. */
  readonly estimatedMs: number | null;
  /** TTL of cached results; null: results are not cached. */
  readonly cacheTtlMs: number | null;
  /** Null: the agent's price. */
  readonly priceMicrocredits: bigint | null;
  /** JSON Schema 2020-12; null: any input. */
  readonly inputSchema: JsonObject | null;
  /** JSON Schema 2020-12; null: any output. */
  readonly outputSchema: JsonObject | null;
}

/** Everything that a send needs of one agent: a snapshot of its registration. */
export interface Route {
  readonly tenantId: TenantId;
  readonly tenantSlug: string;
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly cardVersion: number;
  readonly streaming: boolean;
  readonly idempotent: boolean;
  readonly priceMicrocredits: bigint;
  /** Prices with parts, and the tenant's dated overrides; absent: the plain prices hold. */
  readonly prices?: AgentPrices;
  readonly taskMsMax: number;
  /** Priority of its tasks in the queue. */
  readonly tier: AgentTier;
  /** From its profile; null when it is not set. */
  readonly department: string | null;
  readonly costCenter: string | null;
  /** The tenant's budgets that may pay for a task of this agent; absent when the tenant has no budget. */
  readonly budgets?: TenantBudgets;
  /** Concurrency limit of the agent over all instances and processes; null for none. */
  readonly slotsMax: number | null;
  /** By their ids. */
  readonly skills: ReadonlyMap<string, RouteSkill>;
  /** Resilience policies; absent: the defaults. */
  readonly resilience?: AgentPolicies;
  /** Media types that the card or one of its skills takes; empty when it names none. */
  readonly inputModes: readonly string[];
  readonly extensions: readonly DeclaredExtension[];
  /** Rate limit on its card; null when the card has none. */
  readonly cardLimit: CardLimit | null;
  readonly credential: UpstreamCredential | null;
  /** SHA-256 of the public keys that its endpoints may present, base64; empty: any key with a valid certificate. */
  readonly pinnedKeys: readonly string[];
  /** Routing policy; absent: the default policy. */
  readonly routing?: RoutingPolicy;
  /** At least one. */
  readonly instances: readonly AgentInstance[];
}
