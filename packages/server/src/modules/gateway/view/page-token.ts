import type { ListTasksRequest } from '@colloquy/protocol';
import { digest128 } from '../../../kernel/digest.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { isId } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { TaskViewer } from '../../tasks/index.ts';
import type { PageTokenSigner } from '../ports.ts';

/** Where a page begins. `untilMs` keeps later changes out of a list that is being paged. */
export interface PageStart {
  readonly after: { readonly statusAtMs: number; readonly taskId: TaskId } | null;
  readonly untilMs: number;
}

export function encodePageToken(
  signer: PageTokenSigner,
  viewer: TaskViewer,
  request: ListTasksRequest,
  start: PageStart,
): string {
  const { after, untilMs } = start;
  return signer.sign(JSON.stringify([listHash(viewer, request), untilMs, after?.statusAtMs, after?.taskId]));
}

/** Throws `task.page-token-invalid` for a token that was not made for this list of this caller. */
export function decodePageToken(
  signer: PageTokenSigner,
  viewer: TaskViewer,
  request: ListTasksRequest,
  token: string,
): PageStart {
  const payload = signer.verify(token);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- signed by this platform, each part is checked below
  const [hash, untilMs, statusAtMs, taskId] = (payload === null ? [] : JSON.parse(payload)) as unknown[];
  const isOurs = hash === listHash(viewer, request) && typeof untilMs === 'number' && typeof statusAtMs === 'number';
  if (!isOurs || typeof taskId !== 'string' || !isId('tsk', taskId)) throw new PlatformError('task.page-token-invalid');
  return { after: { statusAtMs, taskId }, untilMs };
}

function listHash(viewer: TaskViewer, request: ListTasksRequest): string {
  const { contextId, status, statusTimestampAfter } = request;
  return digest128(
    JSON.stringify([viewer.tenantId, viewer.ownerId, viewer.agentName, contextId, status, statusTimestampAfter]),
  );
}
