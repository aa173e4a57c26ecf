/** `npm run conformance`: judges a live gateway in front of the harness agent by every MUST and SHOULD of A2A 1.0.1. See README.md. */
import { parseArgs } from 'node:util';
import { knownFailures } from './known-failures.ts';
import { requirements } from './requirements.ts';
import { judge } from './run/judge.ts';
import { linesOf, summaryOf } from './run/report.ts';
import { runScenarios } from './run/run-scenarios.ts';
import { openStage } from './run/stage.ts';
import { scenarios } from './scenarios/index.ts';

const { values: options } = parseArgs({
  options: {
    /** Leaves out what takes long. */
    quick: { type: 'boolean', default: false },
    /** Runs the scenarios whose name contains this. */
    only: { type: 'string', default: '' },
    /** Says every scenario as it ends. */
    verbose: { type: 'boolean', default: false },
  },
});

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
// The official SDK tells here of every signature that does not hold, as some are not to.
console.debug = () => {};
const startedMs = performance.now();
const chosen = scenarios.filter(({ name, isSlow }) => name.includes(options.only) && !(options.quick && isSlow));
await using stage = await openStage();
const outcomes = await runScenarios({
  stage,
  scenarios: chosen,
  onOutcome: ({ scenario, on, error }) => {
    if (options.verbose) console.log(`${error === undefined ? 'held  ' : 'FAILED'} ${on.padEnd(9)} ${scenario.name}`);
  },
});
const judgement = judge(requirements, outcomes, knownFailures);
for (const line of linesOf(judgement)) console.log(line);
const seconds = Math.round((performance.now() - startedMs) / 1000);
const summary = summaryOf(judgement, { requirements, outcomes, seconds, quick: options.quick });
process.exitCode = judgement.failures.length === 0 && judgement.stale.length === 0 ? 0 : 1;
process.once('exit', () => console.log(JSON.stringify(summary)));
