import type { SendMessageRequest } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { digest128 } from '../../../kernel/digest.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskStore } from '../../tasks/index.ts';
import type { AgentAddress } from '../ports.ts';
import { viewerOfSend } from './send.ts';
import type { AcceptedSend, IdentifiedSend, SendIdentity } from './send.ts';

/**
 * The idempotency key of a send. An Idempotency-Key header identifies the send alone, so the same key with another body is a conflict. A
 * messageId identifies the send together with its body, so a reused messageId with another body begins another task. The key contains the
 * public address: a caller that repeats a send does not know that its agent was registered anew meanwhile.
 */
export function identifySend(
  caller: Caller,
  address: AgentAddress,
  request: SendMessageRequest,
  idempotencyKey: string | undefined,
): SendIdentity {
  // Every codec builds the model in one key order, so equal requests have equal JSON.
  const fingerprint = digest128(JSON.stringify([request.message, request.metadata]));
  const key = idempotencyKey === undefined ? ['m', request.message.messageId, fingerprint] : ['k', idempotencyKey];
  const { tenantSlug, agentName } = address;
  return { keyHash: digest128(JSON.stringify([caller.principal.id, tenantSlug, agentName, ...key])), fingerprint };
}

/** The task of an earlier copy of this send; null for none. Throws `task.idempotency-conflict` when its key belongs to another request. */
export async function findEarlierSend(
  store: Pick<TaskStore, 'findSend'>,
  send: IdentifiedSend,
): Promise<AcceptedSend | null> {
  const viewer = viewerOfSend(send);
  const earlier = await store.findSend(viewer.tenantId, send.identity.keyHash);
  if (earlier === null) return null;
  if (earlier.fingerprint !== send.identity.fingerprint) throw new PlatformError('task.idempotency-conflict');
  return { viewer, taskId: earlier.taskId, run: null, begun: null };
}
