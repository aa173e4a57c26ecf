import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { agentLimits } from './agent-limits.ts';
import { AgentRefusal } from './agent-refusal.ts';

/** The whole body of a request, with a bound that also holds for bodies of unknown length. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > agentLimits.bodyBytesMax) throw tooLarge();
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(piece)) continue;
    bytes += piece.length;
    if (bytes > agentLimits.bodyBytesMax) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}

/** Reads and drops the rest for a while, because a sender that is still writing would not see the answer. */
export async function discardBody(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return;
  request.resume();
  const patience = AbortSignal.timeout(agentLimits.discardMs);
  await once(request, 'end', { signal: patience }).catch(() => undefined);
}

function tooLarge(): AgentRefusal {
  return new AgentRefusal(
    'ContentTooLargeError',
    `The request body is larger than the ${agentLimits.bodyBytesMax} bytes this agent accepts.`,
  );
}
