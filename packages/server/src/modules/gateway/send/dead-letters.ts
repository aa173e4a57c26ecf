import type { Message } from '@colloquy/protocol';
import { everything } from '../../../kernel/access-rights.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { isId, uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { Page, PageRequest } from '../../../kernel/page.ts';
import { urgencyUri } from '../../registry/index.ts';
import { storedResponse } from '../../tasks/index.ts';
import type { DeadLetter, DeadLetterQuery, DeadLetterStore, TaskRow } from '../../tasks/index.ts';
import { acceptSend } from './accept-send.ts';
import type { GatewayPorts } from '../ports.ts';
import type { UpstreamMessage } from '../run/upstream.ts';

export interface DeadLetterPorts extends GatewayPorts {
  readonly deadLetters: DeadLetterStore;
}

/** A page of a tenant's dead-lettered tasks; a filter that is null matches any. */
export type DeadLetterRequest = PageRequest & Pick<DeadLetterQuery, 'agentName' | 'reason'>;

/** The dead-lettered tasks of the tenant, oldest first. Throws `request.invalid` for a malformed cursor. */
export function listDeadLetters({ deadLetters }: Pick<DeadLetterPorts, 'deadLetters'>) {
  return async (caller: Caller, { after, limit, ...picked }: DeadLetterRequest): Promise<Page<DeadLetter>> => {
    if (after !== null && !isId('tsk', after)) throw invalidCursor();
    const found = await deadLetters.list(caller.tenant.id, { ...picked, after, limit: limit + 1 });
    return pageOf(found, limit, ({ taskId }) => taskId);
  };
}

/**
 * Sends the message of a dead-lettered task again, on behalf of its sender, in a new task. However often it is called, the message is sent once.
 * The audit names the caller. Throws `task.dead-letter-unknown`, `task.not-replayable` for a task of several messages and for one whose sender is
 * suspended, and everything that a send throws.
 */
export function replayDeadLetter(ports: DeadLetterPorts) {
  return async (caller: Caller, deadId: string): Promise<TaskId> => {
    const dead = isId('tsk', deadId) ? await ports.deadLetters.find(caller.tenant.id, deadId) : null;
    const row = dead === null ? null : await ports.store.findForWork(caller.tenant.id, dead.taskId);
    if (dead === null || row === null) throw new PlatformError('task.dead-letter-unknown');
    if (dead.replayedAs !== null) return dead.replayedAs;
    // A suspension of the caller is checked on admission. A suspension of the sender, on whose behalf the caller acts, is checked only here.
    if (dead.laterMessages > 0 || dead.isSenderSuspended) throw new PlatformError('task.not-replayable');
    const { extensions, ...beside } = recordedOptions(row);
    // The replay is named by the id of the dead-lettered task, which is kept as long as the task, and which nothing else hashes to.
    const key = uuidOf(row.taskId).replaceAll('-', '');
    const { taskId } = await acceptSend(ports, {
      caller: senderOf(caller, row),
      address: { tenantSlug: caller.tenant.slug, agentName: dead.agentName },
      request: { message: await messageOf(ports, row), ...beside },
      options: { isRetried: true, namesTask: true, ...(extensions === undefined ? {} : { extensions }) },
      identity: { keyHash: key, fingerprint: key },
      replay: { taskId: row.taskId, agentId: row.agentId, by: caller },
    });
    return taskId;
  };
}

/** The caller acts on behalf of the sender, which sees the new task among its own. */
function senderOf(caller: Caller, { ownerId }: TaskRow): Caller {
  const { principal, actors, tenant, scopes, status, requestId, expiresAtMs } = caller;
  return {
    // A task does not record the kind of its owner, and nothing in a send depends on it.
    principal: { kind: 'oauth-client', id: ownerId },
    actors: [principal, ...actors],
    tenant,
    scopes: new Set([...scopes, 'a2a:send']),
    boundTo: null,
    status,
    access: everything,
    requestId,
    expiresAtMs,
    get signal() {
      return caller.signal;
    },
  };
}

/** The one message of the task, with its own id, by which the agent can recognise a repeat. Only the first event of the log is read. */
async function messageOf({ store }: GatewayPorts, { tenantId, taskId }: TaskRow): Promise<Message> {
  const [submitted] = await store.readEvents(tenantId, taskId, 0, 1);
  const first = submitted === undefined ? undefined : storedResponse(submitted.json).task?.history?.[0];
  if (first === undefined) throw new PlatformError('task.not-replayable');
  const { taskId: _dead, metadata, ...message } = first;
  if (metadata === undefined) return message;
  // Its deadline has passed by now, and its priority was for then.
  const { [urgencyUri]: _urgency, ...rest } = metadata;
  return Object.keys(rest).length === 0 ? message : { ...message, metadata: rest };
}

const parseOptions: (json: string) => Omit<UpstreamMessage, 'message'> = JSON.parse;

function recordedOptions({ sendOptions }: TaskRow): Omit<UpstreamMessage, 'message'> {
  return sendOptions === null ? {} : parseOptions(sendOptions);
}

function invalidCursor(): PlatformError {
  const description = 'must be the next of the page before';
  return new PlatformError('request.invalid', { violations: [{ field: 'after', description }] });
}
