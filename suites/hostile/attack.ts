import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { agentPath } from '@colloquy/bench/process/tenants';
import type { Attacker, Outcome } from './attacker.ts';

export interface AttackOptions {
  readonly platformUrl: string;
  readonly token: string;
  readonly attackers: readonly Attacker[];
  /** The first message leaves at once and the last after this time. */
  readonly spreadMs: number;
}

/** Longer than any task at a hostile agent may take. */
const answerMsMax = 90_000;

/** Sends one message to every hostile agent, evenly spread; answers what became of each task. */
export async function attack(options: AttackOptions): Promise<Outcome[]> {
  const { attackers, spreadMs } = options;
  return await Promise.all(
    attackers.map(async (attacker, at) => {
      await wait((spreadMs * at) / attackers.length);
      const startedMs = performance.now();
      const ended = await endOf(options, attacker).catch((error: unknown) => `no answer: ${String(error)}`);
      return { attacker, ended, tookMs: performance.now() - startedMs };
    }),
  );
}

interface Answer {
  readonly error?: { readonly message: string };
  readonly result?: { readonly task?: { readonly status: TaskEnd } };
}

interface TaskEnd {
  readonly state: string;
  readonly message?: { readonly metadata?: { readonly errorCode?: string } };
}

async function endOf({ platformUrl, token }: AttackOptions, { agent, askBytes }: Attacker): Promise<string> {
  const message = { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'x'.repeat(askBytes) }] };
  const response = await fetch(new URL(agentPath('hostile', agent), platformUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } }),
    signal: AbortSignal.timeout(answerMsMax),
  });
  // Judged member by member.
  const { error, result } = (await response.json()) as Answer;
  const status = result?.task?.status;
  if (status === undefined) return `no task: ${error?.message ?? `status ${response.status}`}`;
  if (status.state === 'TASK_STATE_COMPLETED') return 'completed';
  return status.message?.metadata?.errorCode ?? `${status.state} without a reason`;
}
