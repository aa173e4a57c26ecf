import type { NodeId, TenantId } from '@colloquy/server/test';
import type { TaskEnding, TaskPlace } from './drafts.ts';
import type { EntryLine } from './expected-entries.ts';
import type { CreditTenant } from './seeds.ts';

/** What the run asks of one of its processes. */
export type Order =
  /** Sends at once, each of one price. */
  | {
      readonly do: 'reserve';
      readonly tenant: CreditTenant;
      readonly nodeId: NodeId;
      readonly count: number;
      readonly priceMicrocredits: bigint;
    }
  /** Ends of tasks at once. Whether they wait for their caller first is the question of another order. */
  | { readonly do: 'end'; readonly ends: readonly { readonly place: TaskPlace; readonly ending: TaskEnding }[] }
  | { readonly do: 'ask'; readonly places: readonly TaskPlace[] }
  /** Random operations, as many as the run has allowed so far. */
  | {
      readonly do: 'operate';
      readonly tenants: readonly CreditTenant[];
      readonly nodeId: NodeId;
      readonly seed: string;
      readonly workers: number;
      readonly operations: number;
    };

export interface Reserved {
  readonly places: readonly TaskPlace[];
  readonly refused: number;
  readonly expected: readonly EntryLine[];
}

/** What the random operations of one process came to. */
export interface Operated {
  readonly operations: number;
  readonly expected: readonly EntryLine[];
  /** What left the wallets of tenants with grants that expired. */
  readonly lapsed: readonly (readonly [TenantId, bigint])[];
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly repeats: number;
}

/** From the run to a process. */
export type ToProcess =
  | { readonly id: number; readonly order: Order }
  /** How many operations of the order under way may have begun. */
  | { readonly allowed: number };

/** From a process to the run. */
export type FromProcess =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: string }
  /** Operations that were done since the last message. */
  | { readonly done: number };
