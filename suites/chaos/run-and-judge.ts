import { createWorkFolder } from '@colloquy/bench/process/work-folder';
import { judge } from './checks/invariants.ts';
import { linesOf, summaryOf } from './report.ts';
import type { RunSummary } from './report.ts';
import { run } from './run.ts';
import { scheduleOf } from './schedule.ts';
import type { Suite } from './suites.ts';

export interface JudgedRun {
  readonly suite: Suite;
  readonly seed: number;
  readonly processes: number;
  readonly kills: number;
  /** The command that does the same again. */
  readonly replay: string;
  /** Keeps everything the run wrote. */
  readonly keep: boolean;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Does one run, holds what it left behind against every promise, and says what was found. What a run wrote is kept when a promise was broken. */
export async function runAndJudge({
  suite,
  seed,
  processes,
  kills,
  replay,
  keep,
  say,
  signal,
}: JudgedRun): Promise<RunSummary> {
  const startedMs = performance.now();
  const schedule = scheduleOf(seed, { kills, processes, ...suite.pace });
  say(
    `seed ${seed}: ${kills} ${suite.name === 'chaos-faults' ? 'faults' : 'kills'}, ${processes} platform process${processes === 1 ? '' : 'es'}`,
  );
  const folder = await createWorkFolder('colloquy-chaos-');
  const { workload } = suite;
  const evidence = await run({ seed, processes, schedule, workload, folder, say, signal }).catch(
    async (error: unknown) => {
      if (!signal.aborted) throw new Error(`the run broke off; its logs are in ${folder.path}`, { cause: error });
      await folder.remove();
      throw error;
    },
  );
  const findings = judge(evidence, suite.invariants);
  const ok = findings.every(({ violations }) => violations.length === 0);
  for (const line of linesOf(findings)) say(line);
  if (ok && !keep) await folder.remove();
  else say(`\nlogs and journals: ${folder.path}`);
  if (!ok) say(`replay: ${replay}`);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  return summaryOf(evidence, findings, { suite: suite.name, seed, processes, seconds });
}

export type RoundsSummary = Readonly<Record<string, unknown>> & { readonly ok: boolean };

/** What rounds with one seed after the other came to. A round is a run of its own, with a new platform; what it left behind fits into memory. */
export async function runRounds(rounds: number, roundOf: (round: number) => JudgedRun): Promise<RoundsSummary> {
  const first = roundOf(0);
  const summaries: RunSummary[] = [];
  for (let round = 0; round < rounds && summaries.every(({ ok }) => ok); round += 1) {
    first.say(`\nround ${round + 1} of ${rounds}`);
    summaries.push(await runAndJudge(roundOf(round)));
  }
  const sum = (figure: (summary: RunSummary) => number): number =>
    summaries.reduce((total, summary) => total + figure(summary), 0);
  return {
    suite: `${first.suite.name}-long`,
    ok: summaries.length === rounds && summaries.every(({ ok }) => ok),
    seed: first.seed,
    rounds: summaries.length,
    kills: sum(({ kills }) => kills),
    killsInFlight: sum(({ killsInFlight }) => killsInFlight),
    tasks: sum(({ tasks }) => tasks),
    takenOver: sum(({ takenOver }) => takenOver),
    outcomeUnknown: sum(({ outcomeUnknown }) => outcomeUnknown),
    deadLettered: sum(({ deadLettered }) => deadLettered),
    resumes: sum(({ resumes }) => resumes),
    lost: sum(({ lost }) => lost),
    endedTwice: sum(({ endedTwice }) => endedTwice),
    ledger: sum(({ ledger }) => ledger),
    streams: sum(({ streams }) => streams),
    violations: sum(({ violations }) => violations),
    seconds: sum(({ seconds }) => seconds),
  };
}
