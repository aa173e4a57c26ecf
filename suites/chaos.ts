/**
 * `npm run chaos`: kills the platform under load, again and again, and then looks for anything lost, doubled or untrue. With `--hostile` its
 * agents do what they can to it instead; with `--credits` it compares the ledger with a model, with `--usage` the usage of
 * a month with the ledger. See README.md.
 */
import { randomInt } from 'node:crypto';
import { orderOf, WrongCommandLine } from './chaos/command-line.ts';
import type { ChaosOrder, RunsOrder } from './chaos/command-line.ts';
import { runAndJudge, runRounds } from './chaos/run-and-judge.ts';
import type { JudgedRun } from './chaos/run-and-judge.ts';
import { runTestFiles, usageTestFile } from './chaos/test-files.ts';
import type { Bar } from '@colloquy/bench/figures/bar';
import { creditPlans } from './credits/plan.ts';
import { creditBarsOf, linesOf as creditLinesOf, summaryOf as creditSummaryOf } from './credits/report.ts';
import { proveCredits } from './credits/run.ts';
import { hostilePlans } from './hostile/plan.ts';
import { linesOf as hostileLinesOf, summaryOf as hostileSummaryOf } from './hostile/report.ts';
import { measureHostility } from './hostile/run.ts';
import { instancesPlans } from './instances/plan.ts';
import { linesOf as instancesLinesOf, summaryOf as instancesSummaryOf } from './instances/report.ts';
import { measureInstances } from './instances/run.ts';
import { endProgramsOnSignals } from '@colloquy/bench/process/program';

type Tier = 'quick' | 'full';

const say = (line: string): void => console.log(line);

/** What the command line asks for; one that is wrong ends the run with what is wrong. */
function ordered(): ChaosOrder {
  try {
    return orderOf(process.argv.slice(2), () => randomInt(1, 2 ** 31));
  } catch (error) {
    if (!(error instanceof WrongCommandLine)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

/** Answers whether everything held. */
async function killAndJudge({
  suite,
  rounds,
  seed,
  processes,
  kills,
  testFiles,
  keep,
  replayOf,
}: RunsOrder): Promise<boolean> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      console.error(`interrupted by ${name}; stopping what was started`);
      interrupted.abort();
    });
  }
  const { signal } = interrupted;
  const runOf = (nth: number): JudgedRun => {
    const own = { seed: seed + nth, replay: replayOf(seed + nth) };
    return { suite, processes, kills, keep, say, signal, ...own };
  };
  const isEveryTestPassed = testFiles.length === 0 || (await runTestFiles(testFiles, signal));
  const running = rounds > 1 ? runRounds(rounds, runOf) : runAndJudge(runOf(0));
  const summary: { readonly ok: boolean } = await running.catch((error: unknown) => {
    if (!signal.aborted) throw error;
    process.exit(130);
  });
  if (!isEveryTestPassed) console.log('tests failed, see above');
  const ok = summary.ok && isEveryTestPassed;
  console.log(JSON.stringify({ ...summary, ok }));
  return ok;
}

/** What a suite measured, as it is shown and summed up. */
interface Measured<Report> {
  readonly report: Report & { readonly bars: readonly Bar[] };
  readonly linesOf: (report: Report) => readonly string[];
  readonly summaryOf: (report: Report, ok: boolean) => object;
}

/** Answers whether every bar held. */
function shown<Report>({ report, linesOf, summaryOf }: Measured<Report>): boolean {
  const ok = report.bars.every(({ held }) => held);
  for (const line of linesOf(report)) console.log(line);
  console.log(JSON.stringify(summaryOf(report, ok)));
  return ok;
}

async function letLoose(tier: Tier): Promise<boolean> {
  endProgramsOnSignals();
  const report = await measureHostility(hostilePlans[tier], say);
  return shown({ report, linesOf: hostileLinesOf, summaryOf: hostileSummaryOf });
}

async function letFail(tier: Tier): Promise<boolean> {
  endProgramsOnSignals();
  const report = await measureInstances(instancesPlans[tier], say);
  return shown({ report, linesOf: instancesLinesOf, summaryOf: instancesSummaryOf });
}

async function proveAgainstModel(tier: Tier, seed: number): Promise<boolean> {
  endProgramsOnSignals();
  const report = await proveCredits(creditPlans[tier], seed, say);
  const judged = { ...report, bars: creditBarsOf(report, creditPlans[tier]) };
  return shown({ report: judged, linesOf: creditLinesOf, summaryOf: creditSummaryOf });
}

const tasksOfMonth: Readonly<Record<Tier, number>> = { quick: 10_000, full: 100_000 };

async function compareUsage(tier: Tier, seed: number): Promise<boolean> {
  const tasks = tasksOfMonth[tier];
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupted.abort());
  const variables = { USAGE_TASKS: String(tasks), USAGE_SEED: String(seed) };
  const beganAtMs = performance.now();
  const ok = await runTestFiles([usageTestFile], interrupted.signal, variables);
  const seconds = Math.round((performance.now() - beganAtMs) / 1_000);
  console.log(JSON.stringify({ suite: 'chaos-usage', tier, seed, tasks, seconds, ok }));
  return ok;
}

function carriedOut(order: ChaosOrder): Promise<boolean> {
  if (order.kind === 'runs') return killAndJudge(order.runs);
  if (order.kind === 'credits') return proveAgainstModel(order.tier, order.seed);
  if (order.kind === 'usage') return compareUsage(order.tier, order.seed);
  return order.kind === 'hostile' ? letLoose(order.tier) : letFail(order.tier);
}

process.exitCode = (await carriedOut(ordered())) ? 0 : 1;
