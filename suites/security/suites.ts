import { authorizationMatrix } from './authorization-matrix.ts';
import { auditTampering } from './audit-tampering.ts';
import { auditVolume } from './audit-volume.ts';
import { delegation } from './delegation.ts';
import type { Figures, SuiteOptions } from './figures.ts';
import { forgedTokens } from './forged-tokens.ts';
import { fuzz } from './fuzz.ts';
import { markers } from './markers.ts';
import { memory } from './memory.ts';
import { rawHttp } from './raw-http.ts';
import { reach } from './reach.ts';
import { slowSockets } from './slow-sockets.ts';
import { ssrf } from './ssrf.ts';

/** Counts by name that a tier has to reach, or it has shown nothing. */
export type Least = Readonly<Record<string, number>>;

/** One kind of attack on the platform. */
export interface SecuritySuite {
  /** What holds when it finds nothing. */
  readonly promise: string;
  readonly least: { readonly quick: Least; readonly full: Least };
  run(options: SuiteOptions): Promise<Figures>;
}

/** Every suite by its name on the command line, in the order in which they run. */
export const suites: Readonly<Record<string, SecuritySuite>> = {
  'authorization-matrix': {
    promise:
      'a caller without the right is refused by every operation, binding and replica, and changes nothing (T01, T02, T03)',
    least: {
      quick: { cells: 800, identitiesMin: 12, operations: 140 },
      full: { cells: 5_000, identitiesMin: 12, operations: 140 },
    },
    run: authorizationMatrix,
  },
  'forged-tokens': {
    promise: 'no forged or misused token opens anything; all are answered alike (T10, T13)',
    least: { quick: { tokens: 600, kinds: 120 }, full: { tokens: 5_000, kinds: 120 } },
    run: forgedTokens,
  },
  fuzz: {
    promise:
      'requests that are a little wrong break nothing, show nothing and, refused, change nothing (T04, T28, T32, T33)',
    least: {
      quick: { requests: 3_000, accepted: 100, refusedAgain: 1_000 },
      full: { requests: 100_000, accepted: 3_000, refusedAgain: 40_000 },
    },
    run: fuzz,
  },
  markers: {
    promise: 'no answer, stream, webhook, log line or metric shows a word of another tenant (T05, T06)',
    least: {
      quick: { outputs: 3_000, ownMarkers: 300, webhooks: 20, frames: 50 },
      full: { outputs: 100_000, ownMarkers: 10_000, webhooks: 500, frames: 1_000 },
    },
    run: markers,
  },
  memory: {
    promise:
      'one tenant fills no process, and delays no other tenant, with large answers and readers that do not read (T31)',
    least: { quick: { attacks: 4 }, full: { attacks: 9 } },
    run: memory,
  },
  'raw-http': {
    promise: 'no bytes become a request that no client sent, directly or behind a proxy (T14, T29)',
    least: { quick: { distinctCases: 400 }, full: { distinctCases: 400 } },
    run: rawHttp,
  },
  ssrf: {
    promise: 'no address that a tenant writes makes the platform call what only the operator may open (T08, T16)',
    least: { quick: { urls: 300, writes: 300, sends: 30 }, full: { urls: 300, writes: 3_000, sends: 300 } },
    run: ssrf,
  },
  'audit-tampering': {
    promise: 'every edit, deletion, reordering and truncation of audit entries is found where it is (T37)',
    least: { quick: { total: 400 }, full: { total: 10_000 } },
    async run(options) {
      const { total, found, touched, violations } = await auditTampering(options);
      return { counts: { total, found, kinds: Object.keys(touched).length }, violations, skipped: [] };
    },
  },
  'audit-volume': {
    promise:
      'a million audit entries are sealed, exported, verified within 30 s and searched without reading them all (T37)',
    least: { quick: { entries: 5_000, checkpoints: 5 }, full: { entries: 1_000_000, checkpoints: 1_000 } },
    run: auditVolume,
  },
  delegation: {
    promise: 'no client sends in loops, too deep, beyond a budget, or for a task that is not its own (T24)',
    least: {
      quick: { attempts: 400, byReceivers: 30, paid: 3 },
      full: { attempts: 10_000, byReceivers: 800, paid: 80 },
    },
    run: delegation,
  },
  reach: {
    promise: 'what is taken away is refused by every replica within 5 s, heard or not (T11, T25)',
    least: { quick: { trials: 6 }, full: { trials: 100 } },
    run: reach,
  },
  'slow-sockets': {
    promise: 'a client that only holds connections delays no good client beyond 250 ms at p99 (T31)',
    least: { quick: { sockets: 300, goodMessages: 10 }, full: { sockets: 2_000, goodMessages: 500 } },
    run: slowSockets,
  },
};
