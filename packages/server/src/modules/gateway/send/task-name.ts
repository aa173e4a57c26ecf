import { digest128 } from '../../../kernel/digest.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { isId } from '../../../kernel/ids.ts';
import type { TaskStore, TaskViewer } from '../../tasks/index.ts';
import { viewerOfSend } from './send.ts';
import type { IncomingSend } from './send.ts';
import type { SendIdentity } from './send-fingerprint.ts';

/**
 * What makes the first send to a name the same send: the name alone, so that a name begins one task however many messages come to it
 * at once. The ids of the message do not count: its caller gave it none.
 */
export function identifyNamedSend(send: IncomingSend, name: string): SendIdentity {
  const { parts, metadata } = send.request.message;
  return {
    keyHash: nameHash(viewerOfSend(send), name),
    fingerprint: digest128(JSON.stringify([parts, metadata, send.request.metadata])),
  };
}

/** The task that a caller named, or names by the id that it has; null when there is none that the caller may see. */
export async function findNamedTask(
  store: Pick<TaskStore, 'find' | 'findNamed'>,
  viewer: TaskViewer,
  name: string,
): Promise<TaskId | null> {
  const named = await store.findNamed(viewer.tenantId, nameHash(viewer, name));
  if (named !== null || !isId('tsk', name)) return named;
  return (await store.find(viewer, name))?.taskId ?? null;
}

/** A caller's names are its own, at one address. */
function nameHash({ tenantId, ownerId, agentName }: TaskViewer, name: string): string {
  return digest128(JSON.stringify([ownerId, tenantId, agentName, 'n', name]));
}
