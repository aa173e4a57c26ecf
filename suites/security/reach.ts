import { eventually } from '@colloquy/testkit';
import type { Figures, SuiteOptions } from './figures.ts';
import { assertLetIn, isLetIn, openStream, startScene } from './reach/scene.ts';
import type { Scene } from './reach/scene.ts';
import { takings } from './reach/takings.ts';

const trialsFull = 100;
const trialsQuick = 6;
const reachMsMaxFull = 5_000;
/** Beside other tests the machine itself delays what the platform does in time. */
const reachMsMaxQuick = 15_000;
/** Until it is told as a violation and not waited for any more. */
const waitMsMax = 20_000;

interface Trial {
  /** What was taken away, and whether the replicas heard nothing of each other. */
  readonly name: string;
  readonly isDeaf: boolean;
  /** From before it was asked for until no replica lets the bearer in. */
  readonly refusedMs: number;
  /** Until its stream had ended; null where it may go on. */
  readonly endedMs: number | null;
}

/**
 * Takes rights away in every way that there is, each time with a stream under way, and asks both replicas without pause until the last of
 * them refuses. Half of the trials run where no notification between replicas arrives. Both halves mostly wait, so they run side by side.
 */
export async function reach({ quick, seed }: SuiteOptions): Promise<Figures> {
  const reachMsMax = quick ? reachMsMaxQuick : reachMsMaxFull;
  const names = Object.keys(takings);
  const count = (quick ? trialsQuick : trialsFull) / 2;
  // The halves take up where the other one ends, so that few trials have every way too.
  const namesFrom = (first: number): string[] =>
    Array.from({ length: count }, (_, at) => names[(first + at) % names.length] ?? '');
  const halves = await Promise.all([tryAll(false, namesFrom(seed)), tryAll(true, namesFrom(seed + count))]);
  const trials = halves.flat();
  const violations = trials
    .filter(({ refusedMs, endedMs }) => Math.max(refusedMs, endedMs ?? 0) > reachMsMax)
    .map((trial) => `${JSON.stringify(trial)}, and has to be ${reachMsMax} ms`);
  const refused = trials.map(({ refusedMs }) => refusedMs);
  const ended = trials.flatMap(({ endedMs }) => endedMs ?? []);
  const counts = {
    trials: trials.length,
    ways: names.length,
    streams: ended.length,
    refusedMsP50: quantile(refused, 0.5),
    refusedMsP99: quantile(refused, 0.99),
    refusedMsMax: quantile(refused, 1),
    endedMsP50: quantile(ended, 0.5),
    endedMsP99: quantile(ended, 0.99),
    endedMsMax: quantile(ended, 1),
  };
  return { counts, violations, skipped: [] };
}

async function tryAll(isDeaf: boolean, names: readonly string[]): Promise<Trial[]> {
  await using scene = await startScene(isDeaf);
  const trials: Trial[] = [];
  for (const [at, name] of names.entries())
    trials.push({ name, isDeaf, ...(await tryOnce(scene, name, at % 2 === 0 ? 0 : 1)) });
  return trials;
}

type Reach = Pick<Trial, 'refusedMs' | 'endedMs'>;

async function tryOnce(scene: Scene, name: string, at: 0 | 1): Promise<Reach> {
  const begin = takings[name];
  if (begin === undefined) throw new Error(`There is no way "${name}".`);
  const { token, endsStreams, take, undo } = await begin(scene, at);
  for (const url of scene.urls)
    await eventually(`${name}: it is let in before`, () => assertLetIn(url, token), waitMsMax);
  // At the replica that is not told.
  const stream = await openStream(scene.urls[1 - at] ?? '', token);
  try {
    const startedMs = performance.now();
    await take();
    const untilRefused = async (url: string): Promise<void> => {
      while (await isLetIn(url, token)) if (performance.now() - startedMs > waitMsMax) return;
    };
    const ended = endsStreams ? withinWait(stream.ended) : null;
    await Promise.all(scene.urls.map(untilRefused));
    const refusedMs = Math.round(performance.now() - startedMs);
    const endedAtMs = await ended;
    return { refusedMs, endedMs: endedAtMs === null ? null : Math.round(endedAtMs - startedMs) };
  } finally {
    stream.close();
    scene.endWork();
    await undo();
  }
}

function withinWait(ended: Promise<number>): Promise<number> {
  const late = new Promise<number>((resolve) => setTimeout(() => resolve(Infinity), waitMsMax).unref());
  return Promise.race([ended, late]);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
