import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import type { AdminCall } from './admin-call.ts';
import { listing, removing, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { number, object, optional, string, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** How fast and how much somebody may ask. What is absent is as it is above: for the tenant, or on the agent's card. */
export interface LimitTerms {
  /** Requests a second over time; of an agent, messages sent to it. */
  readonly requestsPerSecond?: number | undefined;
  /** Requests at once; without it, those of one second. */
  readonly burstRequests?: number | undefined;
  /** Messages sent in one day, by the calendar in UTC. */
  readonly sendsPerDay?: number | undefined;
  /** Messages sent in one month, by the calendar in UTC. */
  readonly sendsPerMonth?: number | undefined;
}

/** Whom a limit is for. */
export type LimitSubject =
  | { readonly kind: 'tenant' }
  /** `id`: of the client. */
  | { readonly kind: 'client'; readonly id: string }
  /** `id`: the agent's name. */
  | { readonly kind: 'agent'; readonly id: string };

/** A limit as it was set. */
export interface Limit extends LimitTerms {
  /** `tenant`, `client` or `agent`. */
  readonly subject: string;
  /** Id of the client, or name of the agent. */
  readonly id?: string | undefined;
  /** Id of the principal that set it. */
  readonly changedBy: string;
  /** RFC 3339. */
  readonly changedAt: string;
}

/** The limits of the tenant. */
export interface LimitAdmin {
  /** Of agents, of clients, and the tenant's own. */
  list(page?: PageRequest): Promise<Page<Limit>>;
  /** Replaces what was set for the subject. Only operators set the tenant's own. */
  set(subject: LimitSubject, terms: LimitTerms): Promise<LimitTerms>;
  /** Takes back what was set. */
  unset(subject: LimitSubject): Promise<void>;
}

const terms = {
  requestsPerSecond: optional(number),
  burstRequests: optional(wholeNumber),
  sendsPerDay: optional(wholeNumber),
  sendsPerMonth: optional(wholeNumber),
};
const limitTerms: Reader<LimitTerms> = object<LimitTerms>(terms);
const limit: Reader<Limit> = object<Limit>({
  subject: string,
  id: optional(string),
  ...terms,
  changedBy: string,
  changedAt: string,
});

/** The part of the admin client that is about limits, below the path of a tenant. */
export function limitAdmin(call: AdminCall, base: string): LimitAdmin {
  return {
    list: (request = {}) => call({ ...listing(`${base}/limits`, request), read: page(limit) }),
    set: (subject, wanted) => call({ ...setting(pathOf(base, subject), wanted), read: limitTerms }),
    unset: (subject) => call({ ...removing(pathOf(base, subject)), read: () => undefined }),
  };
}

function pathOf(base: string, subject: LimitSubject): string {
  return subject.kind === 'tenant'
    ? `${base}/limit`
    : `${base}/${subject.kind}s/${encodeURIComponent(subject.id)}/limit`;
}
