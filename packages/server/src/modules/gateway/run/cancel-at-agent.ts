import type { Task } from '@colloquy/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Upstream, UpstreamCall } from './upstream.ts';

interface StopPorts {
  readonly upstream: Pick<Upstream, 'cancelTask'>;
  readonly clock: Clock;
}

/** Cancels the task at its agent, if the agent has named it. Never rejects: the platform's record stands in any case (A2A 1.0 section 3.1.5). */
export async function cancelAtAgent(
  { upstream, clock }: StopPorts,
  call: UpstreamCall,
  upstreamTaskId: string | null,
): Promise<Task | null> {
  if (upstreamTaskId === null) return null;
  const aborter = new AbortController();
  const cancelTimer = clock.after(limits.cancelUpstreamMs, () => aborter.abort());
  try {
    const answer = await upstream.cancelTask({ ...call, signal: aborter.signal }, upstreamTaskId);
    return answer.id === upstreamTaskId ? answer : null;
  } catch {
    return null;
  } finally {
    cancelTimer();
  }
}
