/**
 * `npm run chaos`: kills the platform under load, again and again, and then looks for anything lost, doubled or untrue. With `--hostile` its
 * agents do what they can to it instead. See README.md.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runAndJudge, runRounds } from './chaos/run-and-judge.ts';
import type { JudgedRun } from './chaos/run-and-judge.ts';
import { longRound, longRounds, suites } from './chaos/suites.ts';
import { hostilePlans } from './hostile/plan.ts';
import { linesOf as hostileLinesOf, summaryOf as hostileSummaryOf } from './hostile/report.ts';
import { measureHostility } from './hostile/run.ts';
import { instancesPlans } from './instances/plan.ts';
import { linesOf as instancesLinesOf, summaryOf as instancesSummaryOf } from './instances/report.ts';
import { measureInstances } from './instances/run.ts';
import { endProgramsOnSignals } from './process/program.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** Many live streams instead of every kind of operation. */
    streams: { type: 'boolean', default: false },
    /** Many clients of one agent with few slots. */
    slots: { type: 'boolean', default: false },
    /** Stopped processes and a database that is cut off or crashes, beside kills. */
    faults: { type: 'boolean', default: false },
    /** One of three instances that dies, hangs or answers 500, instead of kills. */
    instances: { type: 'boolean', default: false },
    /** A thousand kills and a hundred thousand tasks, in rounds. */
    long: { type: 'boolean', default: false },
    /** Hostile agents instead of kills. */
    hostile: { type: 'boolean', default: false },
    seed: { type: 'string' },
    kills: { type: 'string' },
    /** Platform processes on the one database. */
    processes: { type: 'string' },
    /** Keeps everything the run wrote. */
    keep: { type: 'boolean', default: false },
  },
});

/** A number from the command line; anything else ends the run with what is wrong. */
function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= min) return value;
  console.error(`--${name} must be a whole number of ${min} at least, not "${text}".`);
  process.exit(2);
}

/** Answers whether everything held. */
async function killAndJudge(): Promise<boolean> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      console.error(`interrupted by ${name}; stopping what was started`);
      interrupted.abort();
    });
  }
  const family = options.faults ? 'faults' : options.slots ? 'slots' : options.streams ? 'streams' : 'mixed';
  const suite = options.long ? longRound : suites[family][options.quick ? 'quick' : 'full'];
  const seed = wholeNumber('seed', options.seed ?? String(randomInt(1, 2 ** 31)), 0);
  const processes = wholeNumber('processes', options.processes ?? String(suite.processes), 1);
  const kills = wholeNumber('kills', options.kills ?? String(suite.kills), 1);
  const kind = family === 'mixed' ? '' : ` --${family}${options.quick ? ' --quick' : ''}`;
  const { signal } = interrupted;
  const say = (line: string): void => console.log(line);
  const runOf = (nth: number): JudgedRun => ({
    suite,
    processes,
    kills,
    say,
    signal,
    keep: options.keep,
    seed: seed + nth,
    replay: `npm run chaos --${kind} --seed ${seed + nth} --kills ${kills} --processes ${processes}`,
  });
  const running = options.long ? runRounds(longRounds, runOf) : runAndJudge(runOf(0));
  const summary: { readonly ok: boolean } = await running.catch((error: unknown) => {
    if (!signal.aborted) throw error;
    process.exit(130);
  });
  console.log(JSON.stringify(summary));
  return summary.ok;
}

/** The same for hostile agents. */
async function letLoose(): Promise<boolean> {
  endProgramsOnSignals();
  const report = await measureHostility(hostilePlans[options.quick ? 'quick' : 'full'], (line) => console.log(line));
  const ok = report.bars.every(({ held }) => held);
  for (const line of hostileLinesOf(report)) console.log(line);
  console.log(JSON.stringify(hostileSummaryOf(report, ok)));
  return ok;
}

/** The same for instances that fail. */
async function letFail(): Promise<boolean> {
  endProgramsOnSignals();
  const report = await measureInstances(instancesPlans[options.quick ? 'quick' : 'full'], (line) => console.log(line));
  const ok = report.bars.every(({ held }) => held);
  for (const line of instancesLinesOf(report)) console.log(line);
  console.log(JSON.stringify(instancesSummaryOf(report, ok)));
  return ok;
}

const suite = options.hostile ? letLoose : options.instances ? letFail : killAndJudge;
process.exitCode = (await suite()) ? 0 : 1;
