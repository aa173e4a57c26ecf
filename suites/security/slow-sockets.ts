import { setTimeout as pause } from 'node:timers/promises';
import type { Figures, SuiteOptions } from './figures.ts';
import { startTarget } from './raw-http/target.ts';
import type { Target } from './raw-http/target.ts';
import { SlowSocket, slowKinds } from './slow-sockets/slow-socket.ts';
import type { SlowKind } from './slow-sockets/slow-socket.ts';

interface Plan {
  readonly sockets: number;
  readonly attackMs: number;
  /** The share of the good client's messages that is answered in time. */
  readonly share: number;
}

const full: Plan = { sockets: 2_000, attackMs: 45_000, share: 0.99 };
/** Beside other tests the machine itself delays some of the messages. */
const small: Plan = { sockets: 300, attackMs: 5_000, share: 0.5 };
const goodMsMax = 250;
const goodPauseMs = 20;
/** More than one address, so that no bound on one of them is what holds. */
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];

/**
 * Holds many connections to a platform open by saying, sending or reading next to nothing on them; one that is closed is opened anew. A
 * good client goes on sending messages meanwhile.
 */
export async function slowSockets({ quick }: SuiteOptions): Promise<Figures> {
  const plan = quick ? small : full;
  await using target = await startTarget({ COLLOQUY_LOG_LEVEL: 'warn' });
  const violations: string[] = [];
  const before = await sendFor(target, 1_000, violations);
  const sockets = Array.from({ length: plan.sockets }, (_, at) => {
    const kind = slowKinds[at % slowKinds.length] ?? 'idle';
    return new SlowSocket(kind, { target, localAddress: addresses[at % addresses.length] ?? '127.0.0.2' });
  });
  const during = await sendFor(target, plan.attackMs, violations);
  const open = sockets.filter(({ isOpen }) => isOpen).length;
  if (open < plan.sockets * 0.9)
    violations.push(`only ${String(open)} of ${String(plan.sockets)} slow sockets were open`);
  violations.push(...sockets.flatMap((socket) => socket.overstay()));
  for (const socket of sockets) socket.end();
  const judgedMs = quantile(during, plan.share);
  if (judgedMs > goodMsMax)
    violations.push(`${String(plan.share)} of the good client's messages took up to ${judgedMs.toFixed(0)} ms`);
  const closed = (kind: SlowKind): number =>
    sockets.filter((socket) => socket.kind === kind).reduce((sum, socket) => sum + socket.closedCount, 0);
  return {
    counts: {
      sockets: plan.sockets,
      openAtTheEnd: open,
      goodMessages: during.length,
      goodP50Ms: round(quantile(during, 0.5)),
      goodP99Ms: round(quantile(during, 0.99)),
      goodP99MsWithout: round(quantile(before, 0.99)),
      ...Object.fromEntries(slowKinds.map((kind) => [`closed: ${kind}`, closed(kind)])),
    },
    violations,
    skipped: [],
  };
}

/** Sends one message after the other; answers how long each took. */
async function sendFor({ platform, path, token }: Target, forMs: number, violations: string[]): Promise<number[]> {
  const took: number[] = [];
  const untilMs = performance.now() + forMs;
  for (let at = 0; performance.now() < untilMs; at += 1) {
    const message = {
      messageId: `good-${String(performance.now())}-${String(at)}`,
      role: 'ROLE_USER',
      parts: [{ text: 'hello' }],
    };
    const startedMs = performance.now();
    const answer = await fetch(platform.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'a2a-version': '1.0' },
      body: JSON.stringify({ jsonrpc: '2.0', id: at, method: 'SendMessage', params: { message } }),
    }).catch(() => null);
    const text = await answer?.text();
    took.push(performance.now() - startedMs);
    if (text?.includes('TASK_STATE_COMPLETED') !== true)
      violations.push(`a good message got ${text?.slice(0, 200) ?? 'nothing'}`);
    await pause(goodPauseMs);
  }
  return took;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
