import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { startProgram } from '../process/program.ts';
import { rssMbOf } from '../process/usage.ts';
import { betweenBroadcastsMs } from './plan.ts';
import type { StreamsPlan } from './plan.ts';
import type { ReadersOrder } from './readers.ts';
import type { ReadersResult } from './observations.ts';
import type { StreamsStage } from './stage.ts';

/** What many idle streams cost, and what they showed. */
export interface IdleFindings {
  readonly streams: number;
  readonly tasks: number;
  /** Resident memory of the platform process: before the streams, when all are open, and the most while they were. */
  readonly rssMb: { readonly before: number; readonly open: number; readonly max: number };
  readonly openedMs: number;
  /** CPU time while nothing but heartbeats happens, in milliseconds a second. */
  readonly idleCpuMsPerSecond: { readonly server: number; readonly postgres: number };
  /** CPU time for each event that reached a subscriber, in microseconds. */
  readonly cpuMicrosecondsPerDelivery: { readonly server: number; readonly postgres: number };
  readonly seen: ReadersResult;
}

const openMsMax = 180_000;
const endMsMax = 60_000;
const rssSampleMs = 250;
const pollMs = 50;

/** Opens the streams, listens to their silence, says something on all of them a few times, and ends their tasks. */
export async function watchIdleStreams(stage: StreamsStage, plan: StreamsPlan['idle']): Promise<IdleFindings> {
  const { folder, platform, agents } = stage;
  const serverPid = platform.program.pid;
  assertFilesFor(serverPid, plan.streams);
  const order: ReadersOrder = {
    streams: plan.streams,
    tasks: await startTasks(stage, plan.tasks),
    resultFile: folder.file('readers-result.json'),
  };
  writeFileSync(folder.file('readers.json'), JSON.stringify(order), { mode: 0o600 });
  const before = rssMbOf(serverPid);
  const rss: number[] = [];
  const sampler = setInterval(() => rss.push(rssMbOf(serverPid)), rssSampleMs);
  try {
    await using readers = await startProgram({
      label: 'the subscribers',
      script: new URL('./readers.ts', import.meta.url),
      args: [folder.file('readers.json')],
      logFile: folder.file('readers.log'),
      readyMsMax: openMsMax,
      tethered: true,
    });
    assertFilesFor(readers.pid, plan.streams);
    const open = rssMbOf(serverPid);
    const idle = await cpuDuring(stage, () => wait(plan.silenceMs));
    const spoken = await cpuDuring(stage, async () => {
      for (let piece = 1; piece <= plan.broadcasts; piece += 1) {
        agents.tell(`say ${piece}`);
        await wait(betweenBroadcastsMs);
      }
    });
    const max = Math.max(...rss, rssMbOf(serverPid));
    agents.tell('end');
    await wait(betweenBroadcastsMs);
    readers.tell('finish');
    const deadlineMs = performance.now() + endMsMax;
    while (readers.running() && performance.now() < deadlineMs) await wait(pollMs);
    const seconds = plan.silenceMs / 1000;
    const deliveries = plan.broadcasts * plan.streams;
    return {
      streams: plan.streams,
      tasks: plan.tasks,
      rssMb: { before, open, max },
      openedMs: Number(readers.ready['openedMs']),
      idleCpuMsPerSecond: { server: idle.server / seconds, postgres: idle.postgres / seconds },
      cpuMicrosecondsPerDelivery: {
        server: (spoken.server * 1000) / deliveries,
        postgres: (spoken.postgres * 1000) / deliveries,
      },
      seen: JSON.parse(readFileSync(order.resultFile, 'utf8')) as ReadersResult,
    };
  } finally {
    clearInterval(sampler);
  }
}

/** Node raises its own limit on open files to what it may have; that must be enough. */
function assertFilesFor(pid: number, streams: number): void {
  const most = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1];
  const needed = streams + 500;
  if (Number(most) < needed)
    throw new Error(
      `A process may open ${most ?? '?'} files; ${needed} are needed. Raise the hard limit (ulimit -Hn).`,
    );
}

/** Tasks that stay open, as many for each tenant. */
async function startTasks(stage: StreamsStage, count: number): Promise<ReadersOrder['tasks']> {
  const targets = await stage.targetsOf('hold');
  const tasks: ReadersOrder['tasks'][number][] = [];
  for (let index = 0; index < count; index += 1) {
    const target = targets[index % targets.length];
    if (target === undefined) throw new Error('there is no tenant');
    const response = await fetch(target.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${target.token}`, 'content-type': 'application/json', 'a2a-version': '1.0' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'SendMessage',
        params: {
          message: { messageId: `hold-${index}`, role: 'ROLE_USER', parts: [{ text: 'Hold the line.' }] },
          configuration: { returnImmediately: true },
        },
      }),
    });
    const answer = (await response.json()) as { result?: { task?: { id: string } } };
    const taskId = answer.result?.task?.id;
    if (taskId === undefined) throw new Error(`no task was made: ${JSON.stringify(answer).slice(0, 300)}`);
    tasks.push({ ...target, taskId });
  }
  return tasks;
}

async function cpuDuring(
  stage: StreamsStage,
  work: () => Promise<unknown>,
): Promise<{ readonly server: number; readonly postgres: number }> {
  const before = stage.cpuMs();
  await work();
  const after = stage.cpuMs();
  return { server: after.server - before.server, postgres: after.postgres - before.postgres };
}
