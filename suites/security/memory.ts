import { readFileSync } from 'node:fs';
import { runLoad } from '@colloquy/bench/load/run-load';
import { rssMbOf } from '@colloquy/bench/process/usage';
import { inWorkFolder } from '@colloquy/bench/process/work-folder';
import type { Figures, SuiteOptions } from './figures.ts';
import {
  largeEvents,
  largeLists,
  largeMessages,
  makeLargeTasks,
  unansweredNotifications,
  unreadStreams,
  unreadTasks,
} from './memory/attacks.ts';
import type { Attack, AttackSizes } from './memory/attacks.ts';
import { setMemoryStage } from './memory/memory-stage.ts';
import type { MemoryStage } from './memory/memory-stage.ts';

interface PlannedAttack {
  readonly run: Attack;
  /** Large tasks that have to be there. */
  readonly tasksOf?: (sizes: AttackSizes) => number;
}

interface Plan {
  readonly sizes: AttackSizes;
  /** Heap limits of the attacked process in MB; null: that of Node.js. */
  readonly heapsMb: readonly (number | null)[];
  readonly attacks: Readonly<Record<string, PlannedAttack>>;
  /** Each attack has a platform of its own, so that it begins while nothing of another one is left. */
  readonly isApart: boolean;
  readonly calmMs: number;
  readonly attackMs: number;
  readonly rssMbMax: number;
  /** The neighbour's p99 under attack ÷ without; null: not judged. */
  readonly p99RatioMax: number | null;
}

const attacks = {
  'large events': { run: largeEvents('jsonRpc') },
  'large events over gRPC': { run: largeEvents('grpc') },
  'large lists': { run: largeLists('jsonRpc'), tasksOf: ({ tasks }) => tasks },
  'large lists over gRPC': { run: largeLists('grpc'), tasksOf: ({ tasks }) => tasks },
  'unread tasks': { run: unreadTasks('jsonRpc'), tasksOf: () => 1 },
  'unread tasks over gRPC': { run: unreadTasks('grpc'), tasksOf: () => 1 },
  'unread streams': { run: unreadStreams('jsonRpc') },
  'unread streams over gRPC': { run: unreadStreams('grpc') },
  'large messages': { run: largeMessages('jsonRpc') },
  'large messages over gRPC': { run: largeMessages('grpc') },
  'unanswered notifications': { run: unansweredNotifications },
} satisfies Record<string, PlannedAttack>;

const full: Plan = {
  sizes: {
    sends: 500,
    eventBytes: 1_000_000,
    eventsPerTask: 15,
    tasks: 100,
    lists: 5,
    readers: 500,
    subscriptions: 4_000,
    smallEventBytes: 60_000,
    gapMs: 400,
    messages: 500,
    messageBytes: 4_000_000,
    receivers: 64,
  },
  heapsMb: [1_024, null],
  attacks,
  isApart: true,
  calmMs: 10_000,
  attackMs: 25_000,
  rssMbMax: 1_000,
  p99RatioMax: 2,
};

/** A process with an eighth of the memory, and attacks as much smaller; beside other tests no latency says anything. */
const small: Plan = {
  sizes: {
    sends: 60,
    eventBytes: 1_000_000,
    eventsPerTask: 8,
    tasks: 4,
    lists: 4,
    readers: 60,
    subscriptions: 300,
    smallEventBytes: 60_000,
    gapMs: 100,
    messages: 200,
    messageBytes: 2_000_000,
    receivers: 16,
  },
  heapsMb: [192],
  attacks: {
    'large events': attacks['large events'],
    'large lists': attacks['large lists'],
    'unread tasks': attacks['unread tasks'],
    'unread streams': attacks['unread streams'],
    'large messages': attacks['large messages'],
  },
  isApart: false,
  calmMs: 0,
  attackMs: 1_000,
  rssMbMax: 450,
  p99RatioMax: null,
};

const rssSampleMs = 50;

/** Lets one tenant fill the memory of a process in every way that we know, while another one sends. */
export async function memory({ quick }: SuiteOptions): Promise<Figures> {
  const plan = quick ? small : full;
  const counts: Record<string, number> = {};
  const violations: string[] = [];
  for (const heapMb of plan.heapsMb)
    for (const together of groupsOf(plan)) {
      await inWorkFolder('colloquy-memory-', async (folder) => {
        await using stage = await setMemoryStage(folder, heapMb);
        const tasks = Math.max(...together.map(([, { tasksOf }]) => tasksOf?.(plan.sizes) ?? 0));
        await makeLargeTasks(stage, { ...plan.sizes, tasks });
        for (const [attack, { run }] of together) {
          const name = `${attack}, ${heapMb === null ? 'default heap' : `${String(heapMb)} MB heap`}`;
          const figures = await attackOnce(stage, plan, run);
          for (const [figure, value] of Object.entries(figures)) counts[`${name}: ${figure}`] = value;
          console.log(name, JSON.stringify(figures));
          violations.push(...problemsOf(figures, plan).map((problem) => `${name}: ${problem}`));
          if (stage.platform.running()) continue;
          violations.push(`${name}: the process ended: ${readFileSync(stage.logFile, 'utf8').slice(-600)}`);
          break;
        }
      });
    }
  return { counts: { ...counts, attacks: Object.keys(plan.attacks).length }, violations, skipped: [] };
}

function groupsOf({ attacks: planned, isApart }: Plan): readonly (readonly [string, PlannedAttack])[][] {
  const all = Object.entries(planned);
  return isApart ? all.map((one) => [one]) : [all];
}

type AttackFigures = Readonly<Record<string, number>>;

async function attackOnce(stage: MemoryStage, plan: Plan, run: Attack): Promise<AttackFigures> {
  const { pid } = stage.platform;
  const calm = plan.p99RatioMax === null ? null : await neighbourSends(stage, plan.calmMs);
  let rssMbMax = 0;
  const sampler = setInterval(() => (rssMbMax = Math.max(rssMbMax, rssMbOf(pid))), rssSampleMs);
  const aborter = new AbortController();
  const attacking = run(stage, plan.sizes, aborter.signal).catch((error: unknown) => {
    console.error(error);
    return { failed: 1 };
  });
  const under = await neighbourSends(stage, plan.attackMs).catch(() => null);
  aborter.abort();
  const counted = stage.platform.running() ? await attacking : {};
  clearInterval(sampler);
  return {
    ...counted,
    rssMbMax: Math.round(rssMbMax),
    ...(calm === null ? {} : { calmP99Ms: round(calm.p99Ms) }),
    p99Ms: round(under?.p99Ms ?? Number.POSITIVE_INFINITY),
    answers: under?.answers ?? 0,
    errors: under?.errors ?? 0,
  };
}

function neighbourSends({ url, neighbour }: MemoryStage, measureMs: number) {
  const { hostname, port } = new URL(url);
  return runLoad({
    host: hostname,
    port: Number(port),
    connections: 4,
    warmupMs: 200,
    measureMs,
    bodyBytes: 1_024,
    answer: 'task',
    targets: [{ path: neighbour.path, token: neighbour.token }],
  });
}

function problemsOf(figures: AttackFigures, { rssMbMax, p99RatioMax }: Plan): string[] {
  const { rssMbMax: rssMb = 0, p99Ms = 0, calmP99Ms = 0, errors = 0, answers = 0 } = figures;
  return [
    ...(rssMb > rssMbMax ? [`RSS was ${String(rssMb)} MB, and may be ${String(rssMbMax)}`] : []),
    ...(p99RatioMax !== null && p99Ms > calmP99Ms * p99RatioMax
      ? [`the neighbour's p99 was ${String(p99Ms)} ms, ${String(calmP99Ms)} before`]
      : []),
    ...(errors > 0 ? [`${String(errors)} wrong or missing answers to the neighbour`] : []),
    ...(answers === 0 ? ['the neighbour got no answer'] : []),
    ...(figures['failed'] === undefined ? [] : ['the attack could not be made']),
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
