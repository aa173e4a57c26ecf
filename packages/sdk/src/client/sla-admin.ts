import type { AdminCall } from './admin-call.ts';
import { listing, reading, removing, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { boolean, list, number, object, optional, string, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** What is promised of the tasks of an agent, or of every agent of a tier. */
export interface SlaObjective {
  /** Of the tasks that count, those that must not fail; percent from 1 to 100, with at most four decimals. */
  readonly availabilityPercent: number;
  /** The time within which a task is to end, less what it waited for its caller; milliseconds, 1 to seven days. */
  readonly latencyMs: number;
  /** Of the tasks that did not fail, those that must end within that time; percent as above. */
  readonly latencyPercent: number;
}

/** A tier (`gold`, `silver`, `bronze`), or the name of an agent. */
export type SlaSubject = { readonly tier: string } | { readonly agent: string };

/** An objective with the hour of UTC from which on it holds (RFC 3339). */
export interface SetSlaObjective extends SlaObjective {
  readonly holdsFrom: string;
}

/** An objective of an agent's own, as it was set. */
export interface AgentSlaObjective extends SetSlaObjective {
  readonly agent: string;
  /** Id of the principal that set it. */
  readonly changedBy: string;
  /** RFC 3339. */
  readonly changedAt: string;
}

/** What is promised of agents without an objective of their own. */
export interface TierSlaObjective extends SlaObjective {
  readonly tier: string;
  /** Whether the tenant has said nothing of the tier; then there is no hour, principal or time either. */
  readonly default: boolean;
  readonly holdsFrom?: string | undefined;
  readonly changedBy?: string | undefined;
  readonly changedAt?: string | undefined;
}

/** The objectives of a tenant: all tiers, and a page of agents. */
export interface SlaObjectives {
  readonly tiers: readonly TierSlaObjective[];
  readonly items: readonly AgentSlaObjective[];
  readonly next?: string | undefined;
}

/** How well one half of an objective was kept. */
export interface SlaBudget {
  /** What was promised, in percent; over hours or agents with several objectives, their mean by tasks. */
  readonly objectivePercent?: number | undefined;
  /** What was kept; absent without tasks. */
  readonly attainedPercent?: number | undefined;
  /** Tasks that broke the promise. */
  readonly missed: number;
  /** Tasks that were allowed to, of those so far; with three decimals. */
  readonly allowed: number;
  /** What is left of them; negative when more did. */
  readonly left: number;
  /** How fast the budget is spent: 1 spends exactly what is allowed. Absent with too few tasks to tell, and when the month is over. */
  readonly burn: {
    readonly lastHour?: number | undefined;
    readonly last6Hours?: number | undefined;
    readonly last24Hours?: number | undefined;
  };
  /** Absent without tasks. */
  readonly met?: boolean | undefined;
  /** `ok`, `burning` or `exhausted`. */
  readonly state: string;
}

/** What a month was like for an agent, a tier, or the tenant. */
export interface SlaVerdict {
  /** Tasks that ended; of those, what counts neither way, and what a kept result answered. */
  readonly tasks: number;
  readonly excused: number;
  readonly served: number;
  readonly availability: SlaBudget;
  /** The target is in milliseconds, and absent where there were several. */
  readonly latency: SlaBudget & { readonly targetMs?: number | undefined };
  /** The worse one of the two. */
  readonly state: string;
}

/** What was said to hold from an hour of a month on; without an objective it was taken back. */
export interface SlaChange extends Partial<SlaObjective> {
  readonly tier?: string | undefined;
  readonly agent?: string | undefined;
  readonly holdsFrom: string;
  readonly changedBy: string;
  readonly changedAt: string;
}

/** How well a month kept what was promised. */
export interface SlaReport {
  /** The first instant of the month and of the next one, in UTC (RFC 3339). */
  readonly from: string;
  readonly to: string;
  /** Whether the month has not ended. */
  readonly running: boolean;
  /** Entries of the audit chain that are not counted yet. */
  readonly pendingEntries: number;
  readonly changes: readonly SlaChange[];
  readonly total: SlaVerdict;
  readonly tiers: readonly (SlaVerdict & { readonly tier: string })[];
  /** A page of agents in the order of their names. */
  readonly items: readonly (SlaVerdict & { readonly agent: string; readonly tier: string })[];
  readonly next?: string | undefined;
}

/** What is promised of agents, and how it is kept. */
export interface SlaAdmin {
  objectives(page?: PageRequest): Promise<SlaObjectives>;
  /** From the next full hour on. Needs the scope `limits:write`. */
  setObjective(subject: SlaSubject, objective: SlaObjective): Promise<SetSlaObjective>;
  /** Takes it back, from the next full hour on. Needs the scope `limits:write`. */
  unsetObjective(subject: SlaSubject): Promise<void>;
  /** The report of a month, `YYYY-MM` of UTC, or the one in progress; of one agent alone when it is named. */
  report(wish?: PageRequest & { readonly month?: string; readonly agent?: string }): Promise<SlaReport>;
}

const objective = { availabilityPercent: number, latencyMs: wholeNumber, latencyPercent: number };
const said = { holdsFrom: string, changedBy: string, changedAt: string };
const setObjective: Reader<SetSlaObjective> = object<SetSlaObjective>({ ...objective, holdsFrom: string });
const objectives: Reader<SlaObjectives> = object<SlaObjectives>({
  tiers: list(
    object<TierSlaObjective>({
      tier: string,
      ...objective,
      default: boolean,
      holdsFrom: optional(string),
      changedBy: optional(string),
      changedAt: optional(string),
    }),
  ),
  items: list(object<AgentSlaObjective>({ agent: string, ...objective, ...said })),
  next: optional(string),
});
const budget = {
  objectivePercent: optional(number),
  attainedPercent: optional(number),
  missed: wholeNumber,
  allowed: number,
  left: number,
  burn: object<SlaBudget['burn']>({
    lastHour: optional(number),
    last6Hours: optional(number),
    last24Hours: optional(number),
  }),
  met: optional(boolean),
  state: string,
};
const verdict = {
  tasks: wholeNumber,
  excused: wholeNumber,
  served: wholeNumber,
  availability: object<SlaBudget>(budget),
  latency: object<SlaVerdict['latency']>({ ...budget, targetMs: optional(wholeNumber) }),
  state: string,
};
const report: Reader<SlaReport> = object<SlaReport>({
  from: string,
  to: string,
  running: boolean,
  pendingEntries: wholeNumber,
  changes: list(
    object<SlaChange>({
      tier: optional(string),
      agent: optional(string),
      availabilityPercent: optional(number),
      latencyMs: optional(wholeNumber),
      latencyPercent: optional(number),
      ...said,
    }),
  ),
  total: object<SlaVerdict>(verdict),
  tiers: list(object<SlaReport['tiers'][number]>({ tier: string, ...verdict })),
  items: list(object<SlaReport['items'][number]>({ agent: string, tier: string, ...verdict })),
  next: optional(string),
});

/** The part of the admin client that is about service levels, below the path of a tenant. */
export function slaAdmin(call: AdminCall, base: string): SlaAdmin {
  const at = (subject: SlaSubject): string =>
    'tier' in subject
      ? `${base}/sla/objectives/tiers/${encodeURIComponent(subject.tier)}`
      : `${base}/sla/objectives/agents/${encodeURIComponent(subject.agent)}`;
  return {
    objectives: (request = {}) => call({ ...listing(`${base}/sla/objectives`, request), read: objectives }),
    setObjective: (subject, wanted) => call({ ...setting(at(subject), wanted), read: setObjective }),
    unsetObjective: (subject) => call({ ...removing(at(subject)), read: () => undefined }),
    report: ({ signal, ...query } = {}) =>
      call({ ...reading(`${base}/sla/report`), query: { ...query }, signal, read: report }),
  };
}
