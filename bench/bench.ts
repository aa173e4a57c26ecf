/** `npm run bench`: the recorded gateway and the official SDK's echo server, in alternation, on one machine. See README.md. */
import { parseArgs } from 'node:util';
import { auditRun } from './compare/audit-run.ts';
import { barsOf, figuresOf } from './compare/bars.ts';
import { measureWindow } from './compare/measure.ts';
import type { RssSample } from './compare/measure.ts';
import { isSdk, plans, soak, windowsOf } from './compare/plan.ts';
import type { Plan, Subject } from './compare/plan.ts';
import { linesOf, saveReport, summaryOf } from './compare/report.ts';
import type { Report } from './compare/report.ts';
import { cellsOf } from './compare/round.ts';
import type { Round } from './compare/round.ts';
import { setStage } from './compare/stage.ts';
import type { Stage } from './compare/stage.ts';
import { slope } from './figures/statistics.ts';
import { endProgramsOnSignals } from './process/program.ts';
import type { CallerProof } from './process/caller-proof.ts';
import { postmasterPidBelow } from './process/postgres-server.ts';
import { inWorkFolder } from './process/work-folder.ts';
import { registryPlans } from './registry/plan.ts';
import { measureRegistry, registryLinesOf, registrySummaryOf } from './registry/run.ts';
import { budgetPlans } from './budgets/plan.ts';
import { linesOf as budgetLinesOf, summaryOf as budgetSummaryOf } from './budgets/report.ts';
import { measureBudgets } from './budgets/run.ts';
import { historyPlans } from './history/plan.ts';
import { linesOf as historyLinesOf, summaryOf as historySummaryOf } from './history/report.ts';
import { measureHistory } from './history/run.ts';
import { streamPlans } from './streams/plan.ts';
import { linesOf as streamLinesOf, summaryOf as streamSummaryOf } from './streams/report.ts';
import { measureStreams } from './streams/run.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    /** What callers prove beside their token: bearer (nothing), dpop or mtls. */
    auth: { type: 'string', default: 'bearer' },
    /** Streams instead of sends. */
    streams: { type: 'boolean', default: false },
    /** The registry instead of sends. */
    registry: { type: 'boolean', default: false },
    /** Sends beside ten million finished tasks. */
    history: { type: 'boolean', default: false },
    /** Sends with priced skills and budgets. */
    budgets: { type: 'boolean', default: false },
  },
});

/** Subjects run a while before they are measured, so that compilers and pools have settled. */
async function settle(stage: Stage, plan: Plan, postgresPid: number, which: readonly Subject[]): Promise<void> {
  const duration = { warmupMs: 0, measureMs: plan.settleMs, postgresPid };
  for (const subject of which) await measureWindow(stage, { connections: 32, round: 0, subject }, duration);
}

async function measureAll(stage: Stage, plan: Plan, postgresPid: number): Promise<Round[]> {
  const windows = windowsOf(plan);
  const measured = [...new Set(windows.map(({ subject }) => subject))];
  await settle(stage, plan, postgresPid, measured);
  const rounds: Round[] = [];
  for (const window of windows) {
    const before = rounds.at(-1)?.connections;
    if (plan.renewSdkEcho && before !== undefined && before !== window.connections) {
      await stage.renewSdkEchoes();
      await settle(stage, plan, postgresPid, measured.filter(isSdk));
    }
    const round = await measureWindow(stage, window, { ...plan, postgresPid });
    rounds.push(round);
    const rate = round.load.requestsPerSecond.toFixed(0);
    console.log(`${window.connections} connections, round ${window.round + 1}, ${window.subject}: ${rate} req/s`);
    for (const sample of round.load.errorSamples) console.log(`  error: ${sample}`);
  }
  return rounds;
}

/** Growth of the platform's resident memory in MB a minute, under steady load, after it has settled. */
async function growthUnderLoad(stage: Stage, postgresPid: number): Promise<number> {
  const samples: RssSample[] = [];
  console.log(`soak: ${soak.measureMs / 60_000} minutes at ${soak.connections} connections`);
  const window = { connections: soak.connections, round: 0, subject: 'gateway, 8 tenants' } as const;
  const onRss = (sample: RssSample): void => void samples.push(sample);
  await measureWindow(stage, window, { warmupMs: 0, measureMs: soak.measureMs, postgresPid, onRss });
  const settled = samples.filter(({ atMs }) => atMs >= soak.settledAfterMs);
  return slope(settled.map(({ atMs, rssMb }) => ({ x: atMs / 60_000, y: rssMb })));
}

function callerProofOf(text: string): CallerProof {
  const known = (['bearer', 'dpop', 'mtls'] as const).find((one) => one === text);
  if (known === undefined) throw new Error(`--auth can be bearer, dpop or mtls, not "${text}"`);
  return known;
}

async function compare(): Promise<Report> {
  const startedMs = performance.now();
  const plan = options.quick ? plans.quick : plans.full;
  return inWorkFolder('colloquy-bench-', async (folder) => {
    await using stage = await setStage(folder, { callerProof: callerProofOf(options.auth) });
    const postgresPid = postmasterPidBelow(folder.path);
    if (postgresPid === undefined) throw new Error('no PostgreSQL server runs in the data folder');
    const rounds = await measureAll(stage, plan, postgresPid);
    const growth = options.soak ? await growthUnderLoad(stage, postgresPid) : undefined;
    const cells = cellsOf(rounds);
    const figures = figuresOf(cells, growth);
    const differences = await auditRun(stage);
    const seconds = (performance.now() - startedMs) / 1000;
    return { plan, rounds, cells, figures, bars: barsOf(figures), differences, seconds };
  });
}

/** Prints what was found and keeps it when that was asked for; the last line is for programs. */
function conclude(ok: boolean, found: { lines: readonly string[]; summary: object; save: () => string }): void {
  for (const line of found.lines) console.log(line);
  if (options.save || !options.quick) console.log(`\nwritten to ${found.save()}`);
  console.log(JSON.stringify(found.summary));
  process.exitCode = ok ? 0 : 1;
}

endProgramsOnSignals();
if (options.registry) {
  const report = await measureRegistry(options.quick ? registryPlans.quick : registryPlans.full);
  const ok = report.bars.every(({ held }) => held);
  const summary = registrySummaryOf(report, ok);
  conclude(ok, { lines: registryLinesOf(report), summary, save: () => saveReport('registry', report) });
} else if (options.streams) {
  const report = await measureStreams(options.quick ? streamPlans.quick : streamPlans.full);
  const ok = report.bars.every(({ held }) => held);
  const summary = streamSummaryOf(report, ok);
  conclude(ok, { lines: streamLinesOf(report), summary, save: () => saveReport('streams', report) });
} else if (options.history) {
  const report = await measureHistory(options.quick ? historyPlans.quick : historyPlans.full);
  const ok = report.bars.every(({ held }) => held);
  const summary = historySummaryOf(report, ok);
  conclude(ok, { lines: historyLinesOf(report), summary, save: () => saveReport('history', report) });
} else if (options.budgets) {
  const report = await measureBudgets(options.quick ? budgetPlans.quick : budgetPlans.full);
  const ok = report.bars.every(({ held }) => held);
  const summary = budgetSummaryOf(report, ok);
  conclude(ok, { lines: budgetLinesOf(report), summary, save: () => saveReport('budgets', report) });
} else {
  const report = await compare();
  const ok = report.bars.every(({ held }) => held) && report.differences.length === 0;
  conclude(ok, {
    lines: linesOf(report),
    summary: summaryOf(report, ok),
    save: () => saveReport(options.auth === 'bearer' ? '' : options.auth, report),
  });
}
