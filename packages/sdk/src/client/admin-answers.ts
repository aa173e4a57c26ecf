import { anything, boolean, list, object, optional, string, stringRecord, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';
import { cardSignature } from './card-answers.ts';
import type { CardSignature } from './card-answers.ts';

/** One page of a longer list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Give it as `after` to get the next page; absent on the last one. */
  readonly next?: string | undefined;
}

/** Reads a page. */
export function page<T>(item: Reader<T>): Reader<Page<T>> {
  return object<Page<T>>({ items: list(item), next: optional(string) });
}

/** A customer boundary. */
export interface Tenant {
  /** Its part of every public address. */
  readonly slug: string;
  readonly name: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** Reads a tenant. */
export const tenant: Reader<Tenant> = object<Tenant>({ slug: string, name: string, createdAt: string });

/** A registered program of a tenant. */
export interface OAuthClient {
  readonly clientId: string;
  /** For people; unique in the tenant. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** How it proves itself at the token endpoint (RFC 7591 `token_endpoint_auth_method`). */
  readonly authentication: string;
  /** What its tokens must be bound to: `none`, `dpop` or `certificate`. */
  readonly tokenBinding: string;
  readonly createdAt: string;
  /** Present when it can get no tokens any more. */
  readonly revokedAt?: string | undefined;
}

/** A client and the only showing of its secret. */
export interface CreatedOAuthClient extends OAuthClient {
  readonly clientSecret: string;
}

const clientMembers = {
  clientId: string,
  name: string,
  scopes: list(string),
  authentication: string,
  tokenBinding: string,
  createdAt: string,
  revokedAt: optional(string),
};

/** Reads a client. */
export const oauthClient: Reader<OAuthClient> = object<OAuthClient>(clientMembers);

/** Reads a client that has just been made. */
export const createdOAuthClient: Reader<CreatedOAuthClient> = object<CreatedOAuthClient>({
  ...clientMembers,
  clientSecret: string,
});

/** An agent as its tenant may see it. */
export interface RegisteredAgent {
  /** Part of its public address; unique in the tenant. */
  readonly name: string;
  readonly agentId: string;
  /** Its A2A address on this platform. */
  readonly url: string;
  /** What its card calls it. */
  readonly title: string;
  readonly description: string;
  /** As its card says. */
  readonly version: string;
  /** Counts the cards of this registration. */
  readonly cardVersion: number;
  readonly streaming: boolean;
  readonly skillIds: readonly string[];
  /** Price of one completed task. */
  readonly priceMicrocredits: number;
  /** Whether sending one messageId twice does the work once. */
  readonly idempotent: boolean;
  readonly taskMsMax: number;
  /** How urgent its work is when there is more than room for: `gold`, `silver` or `bronze`. */
  readonly tier: string;
  /** What its owner says of it, which stops nothing: `active`, `maintenance` or `deprecated`. */
  readonly status: string;
  /** The best of its instances that take new tasks: `healthy`, `degraded`, `unknown` or `unhealthy`. */
  readonly health: string;
  readonly regions: readonly string[];
  /** What callers need towards it, in its own words. */
  readonly scopes: readonly string[];
  readonly department?: string | undefined;
  readonly owner?: string | undefined;
  readonly costCenter?: string | undefined;
  /** Tasks that it works on at a time. */
  readonly slotsMax?: number | undefined;
  readonly documentationUrl?: string | undefined;
  /** Who may read the card without a token: nobody (`tenant`) or everybody (`public`). */
  readonly cardVisibility: string;
  /** What the platform shows to the agent: `none`, `bearer` or `api-key`. */
  readonly credentialKind: string;
  /** Header that carries an API key. */
  readonly credentialHeader?: string | undefined;
  /** Skills that only the extended card shows, and only to callers who may send. */
  readonly extendedSkillIds: readonly string[];
  /** Of the card in use. */
  readonly cardSignature: CardSignature;
  /** `accept` or `require`; absent when the tenant's card policy holds. */
  readonly cardSignatures?: string | undefined;
  /** `signed`, `always` or `never`; absent when the tenant's card policy holds. */
  readonly cardApproval?: string | undefined;
  /** The card version that waits for approval. */
  readonly pendingCardVersion?: number | undefined;
  /** Id of the principal that registered it. */
  readonly registeredBy: string;
  readonly createdAt: string;
}

/** Reads an agent. */
export const registeredAgent: Reader<RegisteredAgent> = object<RegisteredAgent>({
  name: string,
  agentId: string,
  url: string,
  title: string,
  description: string,
  version: string,
  cardVersion: wholeNumber,
  streaming: boolean,
  skillIds: list(string),
  priceMicrocredits: wholeNumber,
  idempotent: boolean,
  taskMsMax: wholeNumber,
  tier: string,
  status: string,
  health: string,
  regions: list(string),
  scopes: list(string),
  department: optional(string),
  owner: optional(string),
  costCenter: optional(string),
  slotsMax: optional(wholeNumber),
  documentationUrl: optional(string),
  cardVisibility: string,
  credentialKind: string,
  credentialHeader: optional(string),
  extendedSkillIds: list(string),
  cardSignature,
  cardSignatures: optional(string),
  cardApproval: optional(string),
  pendingCardVersion: optional(wholeNumber),
  registeredBy: string,
  createdAt: string,
});

/** A tenant's wallet in micro-credits: granted = available + reserved + used. */
export interface CreditBalance {
  readonly grantedMicrocredits: number;
  readonly availableMicrocredits: number;
  readonly reservedMicrocredits: number;
  readonly usedMicrocredits: number;
}

/** Reads a wallet. */
export const creditBalance: Reader<CreditBalance> = object<CreditBalance>({
  grantedMicrocredits: wholeNumber,
  availableMicrocredits: wholeNumber,
  reservedMicrocredits: wholeNumber,
  usedMicrocredits: wholeNumber,
});

/** One movement of credits. */
export interface LedgerEntry {
  /** `grant`, `reserve`, `settle` or `release`. */
  readonly kind: string;
  /** Of a grant, its id; otherwise the digits of the task's id. */
  readonly reservationId: string;
  /** The task whose price is moved. */
  readonly taskId?: string | undefined;
  readonly amountMicrocredits: number;
  readonly createdAt: string;
}

/** Reads a movement of credits. */
export const ledgerEntry: Reader<LedgerEntry> = object<LedgerEntry>({
  kind: string,
  reservationId: string,
  taskId: optional(string),
  amountMicrocredits: wholeNumber,
  createdAt: string,
});

/** Who did what to which resource, with which outcome. */
export interface AuditEntry {
  readonly entryId: string;
  /** Id of the principal that acted. */
  readonly actorId: string;
  readonly action: string;
  /** `succeeded`, `failed` or `refused`. */
  readonly outcome: string;
  readonly resource: string;
  readonly requestId: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly occurredAt: string;
}

/** Reads an audit entry. */
export const auditEntry: Reader<AuditEntry> = object<AuditEntry>({
  entryId: string,
  actorId: string,
  action: string,
  outcome: string,
  resource: string,
  requestId: string,
  facts: stringRecord,
  occurredAt: string,
});

/** One notification to the receiver of push notifications, and what its tries came to. */
export interface Delivery {
  /** The `webhook-id` that the receiver saw, at every try the same. */
  readonly deliveryId: string;
  readonly taskId: string;
  /** Id of the push notification config. */
  readonly configId: string;
  readonly url: string;
  /** The event of the task's log. */
  readonly seq: number;
  /** `retrying`, `delivered`, `replaying`, or `dead`: given up; it can be replayed. */
  readonly state: string;
  readonly attempts: number;
  /** HTTP status of the last try, when there was an answer. */
  readonly lastStatus?: number | undefined;
  /** Why the last try failed. */
  readonly lastReason?: string | undefined;
  readonly firstAttemptAt: string;
  readonly lastAttemptAt: string;
}

/** Reads a delivery. */
export const delivery: Reader<Delivery> = object<Delivery>({
  deliveryId: string,
  taskId: string,
  configId: string,
  url: string,
  seq: wholeNumber,
  state: string,
  attempts: wholeNumber,
  lastStatus: optional(wholeNumber),
  lastReason: optional(string),
  firstAttemptAt: string,
  lastAttemptAt: string,
});

/** A task as the platform sees it. */
export interface InspectedTask {
  readonly taskId: string;
  readonly contextId: string;
  readonly agent: string;
  /** Id of the principal that sent it. */
  readonly ownerId: string;
  /** In lower case without a prefix, as in `input-required`. */
  readonly state: string;
  /** How often its work was begun. */
  readonly attempt: number;
  /** The routing decision: which instance, and why. */
  readonly decision: unknown;
  readonly reservedMicrocredits: number;
  /** Why it failed, when the platform knows. */
  readonly errorCode?: string | undefined;
  /** Only of a task that was sent for another, or that has a budget. */
  readonly chain?: TaskChain | undefined;
  readonly createdAt: string;
  readonly statusAt: string;
  /** Length of its log. */
  readonly lastSeq: number;
  /** A page of its log. */
  readonly events: readonly InspectedEvent[];
}

/** Through which tasks and agents a task came. */
export interface TaskChain {
  /** The task that it all began with. */
  readonly root: string;
  /** The task that it was sent for; absent for the root. */
  readonly parent?: string | undefined;
  /** Hops from the root, 0 for the root itself. */
  readonly depth: number;
  /** Names of the agents on the way, the first one first. */
  readonly ancestors: readonly string[];
  /** Microcredits that the chain had left when the task was recorded; absent without a budget. */
  readonly budgetLeft?: number | undefined;
}

/** One entry of a task's log, without its content. */
export interface InspectedEvent {
  readonly seq: number;
  readonly kind: string;
  readonly occurredAt: string;
}

/** Reads an inspected task. */
export const inspectedTask: Reader<InspectedTask> = object<InspectedTask>({
  taskId: string,
  contextId: string,
  agent: string,
  ownerId: string,
  state: string,
  attempt: wholeNumber,
  decision: anything,
  reservedMicrocredits: wholeNumber,
  errorCode: optional(string),
  chain: optional(
    object<TaskChain>({
      root: string,
      parent: optional(string),
      depth: wholeNumber,
      ancestors: list(string),
      budgetLeft: optional(wholeNumber),
    }),
  ),
  createdAt: string,
  statusAt: string,
  lastSeq: wholeNumber,
  events: list(object<InspectedEvent>({ seq: wholeNumber, kind: string, occurredAt: string })),
});
