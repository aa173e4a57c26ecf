import { runLoad } from '../load/run-load.ts';
import { cpuMsOf, cpuMsOfFamily, rssMbOf } from '../process/usage.ts';
import { bodyBytes, isGateway } from './plan.ts';
import type { Subject, MeasuredWindow } from './plan.ts';
import type { CpuPerAnswer, Round } from './round.ts';
import { tenantsOf } from './stage.ts';
import type { Stage } from './stage.ts';

const rssSampleMs = 250;

/** How long one measurement takes. */
export interface Duration {
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** A sample of the server's resident memory, `atMs` after the window opened. */
export interface RssSample {
  readonly atMs: number;
  readonly rssMb: number;
}

/** Takes one window: loads the subject and watches the processes that do the work while the window is open. */
export async function measureWindow(
  stage: Stage,
  window: MeasuredWindow,
  options: Duration & { readonly postgresPid: number; readonly onRss?: (sample: RssSample) => void },
): Promise<Round> {
  const { connections, subject } = window;
  const serverPid = stage.serverOf(subject).pid;
  const samples: number[] = [];
  let sampler: NodeJS.Timeout | undefined;
  let before: CpuPerAnswer = { server: 0, agent: 0, postgres: 0 };
  let after = before;
  const address = await stage.addressOf(subject);
  const { warmupMs, measureMs } = options;
  const load = await runLoad(
    { ...address, connections, warmupMs, measureMs, bodyBytes, answer: subject === 'SDK echo' ? 'message' : 'task' },
    {
      opened() {
        const openedMs = performance.now();
        sampler = setInterval(() => {
          const rssMb = rssMbOf(serverPid);
          samples.push(rssMb);
          options.onRss?.({ atMs: performance.now() - openedMs, rssMb });
        }, rssSampleMs);
        before = cpuOf(stage, subject, options.postgresPid);
      },
      closed() {
        after = cpuOf(stage, subject, options.postgresPid);
        clearInterval(sampler);
        samples.push(rssMbOf(serverPid));
      },
    },
  );
  countAnswers(stage, subject, load.answersByTarget);
  const each = (ms: number): number => (ms * 1000) / Math.max(1, load.answers);
  const cpuMicroseconds = {
    server: each(after.server - before.server),
    agent: each(after.agent - before.agent),
    postgres: each(after.postgres - before.postgres),
  };
  return { ...window, load, cpuMicroseconds, rssMbMax: Math.max(...samples) };
}

function cpuOf(stage: Stage, subject: Subject, postgresPid: number): CpuPerAnswer {
  const behind = isGateway(subject);
  return {
    server: cpuMsOf(stage.serverOf(subject).pid),
    agent: behind ? cpuMsOf(stage.agent.pid) : 0,
    postgres: behind ? cpuMsOfFamily(postgresPid) : 0,
  };
}

function countAnswers(stage: Stage, subject: Subject, answersByTarget: readonly number[]): void {
  tenantsOf(subject).forEach((slug, index) => {
    stage.answers.set(slug, (stage.answers.get(slug) ?? 0) + (answersByTarget[index] ?? 0));
  });
}
