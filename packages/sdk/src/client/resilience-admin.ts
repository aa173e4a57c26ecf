import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import type { AdminCall } from './admin-call.ts';
import { listing, removing, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { list, object, optional, string, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** How an agent, or a skill of it, is called when things go wrong. What is absent is as at any agent, or for a skill, as at its agent. */
export interface ResilienceTerms {
  /** Milliseconds after which an agent that says nothing has failed. */
  readonly firstAnswerMs?: number | undefined;
  /** Milliseconds that one try may take. */
  readonly taskMs?: number | undefined;
  /** Calls of one process that an instance has open at once. */
  readonly callsMax?: number | undefined;
  /** Milliseconds that the oldest waiting task may wait before further sends are refused. */
  readonly queueMsMax?: number | undefined;
  /** Milliseconds after which another instance is asked as well; for idempotent skills. */
  readonly hedgeMs?: number | undefined;
  /** Names of the agents that take its place, in order. */
  readonly fallback?: readonly string[] | undefined;
  /** `unavailable`, `failed`. */
  readonly fallbackOn?: readonly string[] | undefined;
  /** `stop` or `go-on`. */
  readonly partialResults?: string | undefined;
}

/** A policy as it was set. */
export interface ResiliencePolicy extends ResilienceTerms {
  readonly agent: string;
  /** Absent for the terms of the whole agent. */
  readonly skill?: string | undefined;
  /** Id of the principal that set it. */
  readonly changedBy: string;
  /** RFC 3339. */
  readonly changedAt: string;
}

/** An agent by its name, or one skill of it. */
export interface ResilienceSubject {
  readonly agent: string;
  readonly skill?: string | undefined;
}

/** How agents of the tenant are called when things go wrong. */
export interface ResilienceAdmin {
  list(page?: PageRequest): Promise<Page<ResiliencePolicy>>;
  /** Replaces what was set for the subject. */
  set(subject: ResilienceSubject, terms: ResilienceTerms): Promise<ResilienceTerms>;
  /** Takes back what was set. */
  unset(subject: ResilienceSubject): Promise<void>;
}

const terms = {
  firstAnswerMs: optional(wholeNumber),
  taskMs: optional(wholeNumber),
  callsMax: optional(wholeNumber),
  queueMsMax: optional(wholeNumber),
  hedgeMs: optional(wholeNumber),
  fallback: optional(list(string)),
  fallbackOn: optional(list(string)),
  partialResults: optional(string),
};
const policyTerms: Reader<ResilienceTerms> = object<ResilienceTerms>(terms);
const policy: Reader<ResiliencePolicy> = object<ResiliencePolicy>({
  agent: string,
  skill: optional(string),
  ...terms,
  changedBy: string,
  changedAt: string,
});

/** The part of the admin client that is about resilience, below the path of a tenant. */
export function resilienceAdmin(call: AdminCall, base: string): ResilienceAdmin {
  return {
    list: (request = {}) => call({ ...listing(`${base}/resilience`, request), read: page(policy) }),
    set: (subject, wanted) => call({ ...setting(pathOf(base, subject), wanted), read: policyTerms }),
    unset: (subject) => call({ ...removing(pathOf(base, subject)), read: () => undefined }),
  };
}

function pathOf(base: string, { agent, skill }: ResilienceSubject): string {
  const query = skill === undefined ? '' : `?skill=${encodeURIComponent(skill)}`;
  return `${base}/agents/${encodeURIComponent(agent)}/resilience${query}`;
}
