/**
 * `npm run chaos`: kills the platform under load, again and again, and then looks for anything lost, doubled or untrue. With `--hostile` its
 * agents do what they can to it instead. See README.md.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { judge } from './chaos/checks/invariants.ts';
import { linesOf, summaryOf } from './chaos/report.ts';
import { run } from './chaos/run.ts';
import { scheduleOf } from './chaos/schedule.ts';
import { suites } from './chaos/suites.ts';
import { hostilePlans } from './hostile/plan.ts';
import { linesOf as hostileLinesOf, summaryOf as hostileSummaryOf } from './hostile/report.ts';
import { measureHostility } from './hostile/run.ts';
import { instancesPlans } from './instances/plan.ts';
import { linesOf as instancesLinesOf, summaryOf as instancesSummaryOf } from './instances/report.ts';
import { measureInstances } from './instances/run.ts';
import { endProgramsOnSignals } from './process/program.ts';
import { createWorkFolder } from './process/work-folder.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** Many live streams instead of every kind of operation. */
    streams: { type: 'boolean', default: false },
    /** Many clients of one agent with few slots. */
    slots: { type: 'boolean', default: false },
    /** One of three instances that dies, hangs or answers 500, instead of kills. */
    instances: { type: 'boolean', default: false },
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
  const startedMs = performance.now();
  const family = options.slots ? 'slots' : options.streams ? 'streams' : 'mixed';
  const suite = suites[family][options.quick ? 'quick' : 'full'];
  const seed = wholeNumber('seed', options.seed ?? String(randomInt(1, 2 ** 31)), 0);
  const processes = wholeNumber('processes', options.processes ?? String(suite.processes), 1);
  const kills = wholeNumber('kills', options.kills ?? String(suite.kills), 1);
  const schedule = scheduleOf(seed, { kills, processes, ...suite.pace });
  const kind = family === 'mixed' ? '' : ` --${family}${options.quick ? ' --quick' : ''}`;
  const replay = `npm run chaos --${kind} --seed ${seed} --kills ${kills} --processes ${processes}`;
  console.log(`seed ${seed}: ${kills} kills, ${processes} platform process${processes === 1 ? '' : 'es'}`);

  const folder = await createWorkFolder('colloquy-chaos-');
  const evidence = await run({
    seed,
    processes,
    schedule,
    workload: suite.workload,
    folder,
    say: (line) => console.log(line),
    signal: interrupted.signal,
  }).catch(async (error: unknown) => {
    if (!interrupted.signal.aborted)
      throw new Error(`the run broke off; its logs are in ${folder.path}`, { cause: error });
    await folder.remove();
    process.exit(130);
  });
  const findings = judge(evidence, suite.invariants);
  const ok = findings.every(({ violations }) => violations.length === 0);
  for (const line of linesOf(findings)) console.log(line);
  if (ok && !options.keep) await folder.remove();
  else console.log(`\nlogs and journals: ${folder.path}`);
  if (!ok) console.log(`replay: ${replay}`);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(JSON.stringify(summaryOf(evidence, findings, { suite: suite.name, seed, processes, seconds })));
  return ok;
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
