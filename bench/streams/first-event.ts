import { runGenerator } from '../load/run-generator.ts';
import type { CallersOrder, CallersResult } from './callers.ts';
import type { StreamsPlan } from './plan.ts';
import type { StreamsStage } from './stage.ts';

export type StreamSubject = 'gateway' | 'agent alone';

/** One measurement of one subject. CPU time is of the platform process and its database, for each stream that began in the window. */
export interface FirstEventRound extends CallersResult {
  readonly subject: StreamSubject;
  readonly round: number;
  readonly cpuMsPerStream: { readonly server: number; readonly postgres: number };
}

/** Lets callers stream from the agent itself and through the gateway, in alternation. */
export async function measureFirstEvents(
  stage: StreamsStage,
  plan: StreamsPlan['firstEvent'],
): Promise<FirstEventRound[]> {
  const rounds: FirstEventRound[] = [];
  for (let round = 1; round <= plan.rounds; round += 1) {
    const order: readonly StreamSubject[] = round % 2 === 1 ? ['agent alone', 'gateway'] : ['gateway', 'agent alone'];
    for (const subject of order) rounds.push(await measure(stage, plan, { subject, round }));
  }
  return rounds;
}

async function measure(
  stage: StreamsStage,
  { streams, warmupMs, measureMs }: StreamsPlan['firstEvent'],
  turn: { readonly subject: StreamSubject; readonly round: number },
): Promise<FirstEventRound> {
  const direct = [{ url: new URL('talk/', String(stage.agents.ready['url'])).href }];
  const targets = turn.subject === 'gateway' ? await stage.targetsOf('talk') : direct;
  const order: CallersOrder = { streams, warmupMs, measureMs, targets };
  let before = stage.cpuMs();
  let after = before;
  const script = new URL('./callers.ts', import.meta.url);
  const result = await runGenerator<CallersResult>(script, order, {
    opened: () => (before = stage.cpuMs()),
    closed: () => (after = stage.cpuMs()),
  });
  const each = (ms: number): number => ms / Math.max(1, result.streams);
  const cpuMsPerStream = {
    server: each(after.server - before.server),
    postgres: each(after.postgres - before.postgres),
  };
  return { ...turn, ...result, cpuMsPerStream };
}
