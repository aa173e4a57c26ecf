import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskStore } from '../../tasks/index.ts';
import { viewerOfSend } from './send.ts';
import type { AcceptedSend, IdentifiedSend } from './send.ts';

/** The task of this very send, when it was sent before; throws when its key stands for another request. */
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
