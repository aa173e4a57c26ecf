import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import type { AdminCall } from './admin-call.ts';
import { listing, removing, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { boolean, object, optional, string, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** Whom results of cacheable skills may be given to again, for how much, and for how long. */
export interface ResultTerms {
  /** `caller`: to who sent the same before; `tenant`: to everybody of the tenant who may send it. */
  readonly sharedBy: string;
  /** What a hit costs, in percent of the price of a call; 0 to 100. */
  readonly hitPricePercent: number;
  /** How long after its time a result may be given while a new one is fetched; milliseconds, 0: never. */
  readonly staleMs: number;
  /** False: every call goes to the agent. */
  readonly on: boolean;
}

/** An agent, or one of its skills. */
export interface ResultSubject {
  /** The agent's name. */
  readonly agent: string;
  /** Absent: every skill for which nothing else is said. */
  readonly skill?: string | undefined;
}

/** Terms as they were set. */
export interface SetResultTerms extends ResultTerms, ResultSubject {
  /** Id of the principal that set them. */
  readonly changedBy: string;
  /** RFC 3339. */
  readonly changedAt: string;
}

/** The results of cacheable skills of the tenant. */
export interface ResultAdmin {
  /** What was said, of agents and of skills. */
  listTerms(page?: PageRequest): Promise<Page<SetResultTerms>>;
  /** Replaces what was said of the subject. */
  setTerms(subject: ResultSubject, terms: ResultTerms): Promise<ResultTerms>;
  /** Takes back what was said. */
  unsetTerms(subject: ResultSubject): Promise<void>;
  /** Forgets every result of the subject, at once. */
  purge(subject: ResultSubject): Promise<void>;
}

const terms = { sharedBy: string, hitPricePercent: wholeNumber, staleMs: wholeNumber, on: boolean };
const resultTerms: Reader<ResultTerms> = object<ResultTerms>(terms);
const setResultTerms: Reader<SetResultTerms> = object<SetResultTerms>({
  agent: string,
  skill: optional(string),
  ...terms,
  changedBy: string,
  changedAt: string,
});

/** The part of the admin client that is about results, below the path of a tenant. */
export function resultAdmin(call: AdminCall, base: string): ResultAdmin {
  const at = (what: string, { agent, skill }: ResultSubject): string => {
    const query = skill === undefined ? '' : `?skill=${encodeURIComponent(skill)}`;
    return `${base}/agents/${encodeURIComponent(agent)}/${what}${query}`;
  };
  return {
    listTerms: (request = {}) => call({ ...listing(`${base}/result-terms`, request), read: page(setResultTerms) }),
    setTerms: (subject, wanted) => call({ ...setting(at('result-terms', subject), wanted), read: resultTerms }),
    unsetTerms: (subject) => call({ ...removing(at('result-terms', subject)), read: () => undefined }),
    purge: (subject) => call({ ...removing(at('results', subject)), read: () => undefined }),
  };
}
