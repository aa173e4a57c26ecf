import { anything, boolean, list, object, optional, string, stringRecord, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

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
  readonly createdAt?: string | undefined;
}

/** Reads a tenant. */
export const tenant: Reader<Tenant> = object<Tenant>({ slug: string, name: string, createdAt: optional(string) });

/** A registered program of a tenant. */
export interface OAuthClient {
  readonly clientId: string;
  readonly name?: string | undefined;
  readonly scopes: readonly string[];
  readonly createdAt?: string | undefined;
  /** Present when it can get no tokens any more. */
  readonly revokedAt?: string | undefined;
}

/** A client and the only showing of its secret. */
export interface CreatedOAuthClient extends OAuthClient {
  readonly clientSecret: string;
}

const clientMembers = {
  clientId: string,
  name: optional(string),
  scopes: list(string),
  createdAt: optional(string),
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
  readonly name: string;
  /** Its A2A address on this platform. */
  readonly url?: string | undefined;
  /** What its card calls it. */
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly version?: string | undefined;
  readonly streaming?: boolean | undefined;
  readonly skillIds?: readonly string[] | undefined;
  readonly priceMicrocredits?: number | undefined;
  readonly idempotent?: boolean | undefined;
  readonly taskMsMax?: number | undefined;
  readonly cardVisibility?: string | undefined;
  readonly credentialKind?: string | undefined;
  readonly createdAt?: string | undefined;
}

/** Reads an agent. */
export const registeredAgent: Reader<RegisteredAgent> = object<RegisteredAgent>({
  name: string,
  url: optional(string),
  title: optional(string),
  description: optional(string),
  version: optional(string),
  streaming: optional(boolean),
  skillIds: optional(list(string)),
  priceMicrocredits: optional(wholeNumber),
  idempotent: optional(boolean),
  taskMsMax: optional(wholeNumber),
  cardVisibility: optional(string),
  credentialKind: optional(string),
  createdAt: optional(string),
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
  readonly kind: string;
  /** Of a grant, its id; otherwise the task's id without its prefix. */
  readonly reservationId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly amountMicrocredits: number;
  readonly createdAt?: string | undefined;
}

/** Reads a movement of credits. */
export const ledgerEntry: Reader<LedgerEntry> = object<LedgerEntry>({
  kind: string,
  reservationId: optional(string),
  taskId: optional(string),
  amountMicrocredits: wholeNumber,
  createdAt: optional(string),
});

/** Who did what to which resource, with which outcome. */
export interface AuditEntry {
  readonly entryId: string;
  readonly actorId?: string | undefined;
  readonly action: string;
  readonly outcome: string;
  readonly resource: string;
  readonly requestId?: string | undefined;
  readonly facts?: Readonly<Record<string, string>> | undefined;
  readonly occurredAt: string;
}

/** Reads an audit entry. */
export const auditEntry: Reader<AuditEntry> = object<AuditEntry>({
  entryId: string,
  actorId: optional(string),
  action: string,
  outcome: string,
  resource: string,
  requestId: optional(string),
  facts: optional(stringRecord),
  occurredAt: string,
});

/** A task as the platform sees it. */
export interface InspectedTask {
  readonly taskId: string;
  readonly contextId: string;
  readonly agent: string;
  readonly state: string;
  /** How often its work was begun. */
  readonly attempt: number;
  /** The routing decision: which instance, and why. */
  readonly decision: unknown;
  readonly reservedMicrocredits: number;
  /** Why it failed, when the platform knows. */
  readonly errorCode?: string | undefined;
  readonly createdAt: string;
  readonly statusAt: string;
  readonly events: readonly InspectedEvent[];
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
  state: string,
  attempt: wholeNumber,
  decision: anything,
  reservedMicrocredits: wholeNumber,
  errorCode: optional(string),
  createdAt: string,
  statusAt: string,
  events: list(object<InspectedEvent>({ seq: wholeNumber, kind: string, occurredAt: string })),
});
