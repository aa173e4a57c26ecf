import { createTestDatabase } from '@colloquy/testkit';
import { countEntries } from './books.ts';
import { findFaults } from './find-faults.ts';
import type { Reserved } from './messages.ts';
import type { CreditPlan } from './plan.ts';
import { raceAcrossProcesses } from './races.ts';
import type { Races } from './races.ts';
import { operateRandomly } from './random-operations.ts';
import type { Round } from './random-operations.ts';
import { setStage } from './stage.ts';
import type { CreditStage } from './stage.ts';

/** What one run found. */
export interface CreditReport {
  readonly seed: number;
  readonly operations: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Sends that were recorded and refused of those that were made at once against a wallet that pays for half of them. */
  readonly rush: { readonly recorded: number; readonly refused: number };
  readonly races: Races;
  /** How often the identity was checked. */
  readonly checks: number;
  /** Ledger entries by kind. */
  readonly entries: Readonly<Record<string, number>>;
  /** Operations that were done again, because the database had no time. */
  readonly repeats: number;
  readonly faults: readonly string[];
  readonly seconds: number;
}

/** Does what the plan says, and answers everything that was not as it must be. */
export async function proveCredits(plan: CreditPlan, seed: number, say: (line: string) => void): Promise<CreditReport> {
  const startedMs = performance.now();
  await using database = await createTestDatabase();
  await using stage = await setStage(database.adminUrl, plan.processes);
  const rush = await reserveAtOnce(stage);
  say(`reserved at once: ${rush.recorded} recorded, ${rush.refused} refused`);
  const races = await raceAcrossProcesses(stage, plan.races);
  say(`races: ${races.completed} completed, ${races.canceled} ended otherwise`);
  const rounds: Round[] = [];
  for (let at = 0; at < plan.rounds; at += 1) {
    const round = await operateRandomly(stage, plan, { seed: `${seed}/${at}`, hasBudgets: at % 2 === 1 });
    rounds.push(round);
    say(`round ${at + 1} of ${plan.rounds}: ${round.operations} operations, ${round.faults.length} faults`);
  }
  const counts: Record<string, number> = {};
  for (const round of rounds)
    for (const [name, count] of Object.entries(round.counts)) counts[name] = (counts[name] ?? 0) + count;
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  return {
    seed,
    operations: sum(({ operations }) => operations),
    counts,
    rush,
    races,
    checks: sum(({ checks }) => checks),
    entries: await countEntries(stage.admin),
    repeats: sum(({ repeats }) => repeats),
    faults: [...rush.faults, ...races.faults, ...rounds.flatMap(({ faults }) => faults)],
    seconds: (performance.now() - startedMs) / 1000,
  };
}

/** 200 sends at once, over all processes, against a wallet that pays for 100 of them. */
async function reserveAtOnce(stage: CreditStage) {
  const tenant = await stage.seed({ credits: 1_000n, policy: { overagePolicy: 'cap', overageMaxMicrocredits: 0n } });
  const { nodeId, processes } = stage;
  const shares = processes.map((_process, at) => Math.floor((200 + at) / processes.length));
  const reserved = await Promise.all(
    processes.map((process, at) =>
      process.order<Reserved>({ do: 'reserve', tenant, nodeId, count: shares[at] ?? 0, priceMicrocredits: 10n }),
    ),
  );
  const recorded = reserved.reduce((sum, { places }) => sum + places.length, 0);
  const refused = reserved.reduce((sum, one) => sum + one.refused, 0);
  const expected = [...tenant.expected, ...reserved.flatMap((one) => one.expected)];
  const faults = await findFaults(stage, [tenant], expected);
  if (recorded !== 100 || refused !== 100) faults.push(`200 sends at once: ${recorded} recorded, ${refused} refused`);
  return { recorded, refused, faults };
}
