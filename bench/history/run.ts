import { median } from '../figures/statistics.ts';
import { bodyBytes } from '../compare/plan.ts';
import { runLoad } from '../load/run-load.ts';
import { postmasterPidBelow } from '../process/postgres-server.ts';
import { startProgram } from '../process/program.ts';
import { cpuMsOf, cpuMsOfFamily } from '../process/usage.ts';
import { inWorkFolder } from '../process/work-folder.ts';
import type { WorkFolder } from '../process/work-folder.ts';
import { loadHistory } from './load-history.ts';
import { historyConnections } from './plan.ts';
import type { HistoryPlan } from './plan.ts';
import { readLists } from './read-lists.ts';
import { historyBarsOf } from './report.ts';
import type { HistoryReport, HistoryRound, SideName } from './report.ts';
import { startSide } from './side.ts';
import type { Side } from './side.ts';

type Sides = Readonly<Record<SideName, Side>>;

/** Compares a platform whose one tenant finished many tasks with one that is new, in alternation on one machine. */
export async function measureHistory(plan: HistoryPlan): Promise<HistoryReport> {
  const startedMs = performance.now();
  return inWorkFolder('colloquy-history-', async (folder) => {
    await using agent = await startProgram({
      label: 'the echo agent',
      script: new URL('../echo-agent.ts', import.meta.url),
      logFile: folder.file('echo-agent.log'),
      readyMsMax: 10_000,
      tethered: true,
    });
    const agentUrl = String(agent.ready['url']);
    await using empty = await startSide(folder, 'empty', agentUrl);
    await using full = await startSide(folder, 'full', agentUrl);
    const sides: Sides = { empty, full };
    const postgresPids = { empty: postmasterOf(folder, 'empty'), full: postmasterOf(folder, 'full') };
    // Makes the task that is copied, and lets compilers and pools settle.
    for (const side of [empty, full])
      await send(side, { connections: 32, warmupMs: 0, measureMs: plan.settleMs }, () => 0);
    const loadSeconds = await timeLoad(full, plan);
    const rounds = await measureSends(sides, plan, postgresPids);
    const lists = { empty: await readLists(empty, plan.listReads), full: await readLists(full, plan.listReads) };
    const ratios = historyConnections.map((connections) => ({
      connections,
      ratio: rateOf(rounds, 'full', connections) / rateOf(rounds, 'empty', connections),
    }));
    const tableMb = await sizesOf(full);
    const bars = historyBarsOf({ rounds, ratios, lists });
    return { plan, loadSeconds, tableMb, rounds, lists, ratios, bars, seconds: (performance.now() - startedMs) / 1000 };
  });
}

function postmasterOf(folder: WorkFolder, side: SideName): number {
  const pid = postmasterPidBelow(folder.file(`${side}-data`));
  if (pid === undefined) throw new Error('no PostgreSQL server runs in the data folder');
  return pid;
}

async function timeLoad(side: Side, plan: HistoryPlan): Promise<number> {
  const startedMs = performance.now();
  const step = Math.max(1, plan.tasks / 20);
  let told = 0;
  await loadHistory(side, plan, (tasks) => {
    if (tasks < told + step && tasks < plan.tasks) return;
    told = tasks;
    console.log(`${tasks} tasks loaded after ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  });
  return (performance.now() - startedMs) / 1000;
}

type Duration = Pick<HistoryRound, 'connections'> & { readonly warmupMs: number; readonly measureMs: number };

async function send(side: Side, duration: Duration, cpu: () => number) {
  let openedCpu = 0;
  let closedCpu = 0;
  const load = await runLoad(
    { ...(await side.target()), ...duration, bodyBytes, answer: 'task' },
    { opened: () => void (openedCpu = cpu()), closed: () => void (closedCpu = cpu()) },
  );
  return { load, cpuUs: ((closedCpu - openedCpu) * 1000) / Math.max(1, load.answers) };
}

async function measureSends(
  sides: Sides,
  plan: HistoryPlan,
  postgresPids: Readonly<Record<SideName, number>>,
): Promise<HistoryRound[]> {
  const rounds: HistoryRound[] = [];
  for (const connections of historyConnections) {
    for (let round = 0; round < plan.rounds; round += 1) {
      const order: readonly SideName[] = round % 2 === 0 ? ['empty', 'full'] : ['full', 'empty'];
      for (const name of order)
        rounds.push(await measureOne({ name, connections, round }, sides[name], plan, postgresPids[name]));
    }
  }
  return rounds;
}

async function measureOne(
  { name, connections, round }: { name: SideName; connections: number; round: number },
  side: Side,
  { warmupMs, measureMs }: HistoryPlan,
  postgresPid: number,
): Promise<HistoryRound> {
  const { pid } = side.platform.program;
  let serverMs = 0;
  const cpu = (): number => {
    serverMs = cpuMsOf(pid) - serverMs;
    return cpuMsOfFamily(postgresPid);
  };
  const { load, cpuUs } = await send(side, { connections, warmupMs, measureMs }, cpu);
  const server = (serverMs * 1000) / Math.max(1, load.answers);
  console.log(`${connections} connections, round ${round + 1}, ${name}: ${load.requestsPerSecond.toFixed(0)} req/s`);
  for (const sample of load.errorSamples) console.log(`  error: ${sample}`);
  return { side: name, connections, round, load, cpuMicroseconds: { server, postgres: cpuUs } };
}

function rateOf(rounds: readonly HistoryRound[], side: SideName, connections: number): number {
  const own = rounds.filter((one) => one.side === side && one.connections === connections);
  return median(own.map(({ load }) => load.requestsPerSecond));
}

async function sizesOf({ database }: Side): Promise<Readonly<Record<string, number>>> {
  const rows = await database.read<{ name: string; mb: number }>(
    `select c.relname as name, (pg_total_relation_size(c.oid) / 1e6)::float8 as mb from pg_class c
     where c.relnamespace = 'colloquy'::regnamespace and c.relname in
       ('tasks', 'task_events', 'ledger_entries', 'audit_entries', 'idempotency_keys') order by 1`,
  );
  return Object.fromEntries(rows.map(({ name, mb }) => [name, mb]));
}
