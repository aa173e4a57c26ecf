import type { Message } from '@colloquy/protocol';
import { everything } from '../../../kernel/access-rights.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { isId, uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { Page, PageRequest } from '../../../kernel/page.ts';
import { dispatchUri } from '../../registry/index.ts';
import { storedResponse } from '../../tasks/index.ts';
import type { DeadLetter, DeadLetterQuery, DeadLetterStore, TaskRow } from '../../tasks/index.ts';
import { acceptSend } from './accept-send.ts';
import type { GatewayPorts } from '../ports.ts';
import type { UpstreamMessage } from '../run/upstream.ts';

export interface DeadLetterPorts extends GatewayPorts {
  readonly deadLetters: DeadLetterStore;
}

/** What is asked of the dead letters of a tenant; null means any. */
export type DeadLetterRequest = PageRequest & Pick<DeadLetterQuery, 'agentName' | 'reason'>;

/** The dead letters of the tenant, oldest first. Throws `request.invalid` for a cursor that is none. */
export function listDeadLetters({ deadLetters }: Pick<DeadLetterPorts, 'deadLetters'>) {
  return async (caller: Caller, { after, limit, ...picked }: DeadLetterRequest): Promise<Page<DeadLetter>> => {
    if (after !== null && !isId('tsk', after)) throw invalidCursor();
    const found = await deadLetters.list(caller.tenant.id, { ...picked, after, limit: limit + 1 });
    return pageOf(found, limit, ({ taskId }) => taskId);
  };
}

/**
 * Sends the message of a dead letter again, for its sender, in a task of its own: once, however often it is asked for; the audit says by
 * whom. Throws `task.dead-letter-unknown`, `task.not-replayable` for a task of several turns and for one whose sender is
 * stopped, and whatever a send throws.
 */
export function replayDeadLetter(ports: DeadLetterPorts) {
  return async (caller: Caller, deadId: string): Promise<TaskId> => {
    const letter = isId('tsk', deadId) ? await ports.deadLetters.find(caller.tenant.id, deadId) : null;
    const row = letter === null ? null : await ports.store.findForWork(caller.tenant.id, letter.taskId);
    if (letter === null || row === null) throw new PlatformError('task.dead-letter-unknown');
    if (letter.replayedAs !== null) return letter.replayedAs;
    // A stop of whoever asks is judged at the door; that of the sender, whom it would be done for, only here.
    if (letter.turns > 0 || letter.isSenderStopped) throw new PlatformError('task.not-replayable');
    const { extensions, ...said } = saidBeside(row);
    // The name of the replay is the id of the letter: it is kept as long as the task, and nothing else hashes to it.
    const key = uuidOf(row.taskId).replaceAll('-', '');
    const { taskId } = await acceptSend(ports, {
      caller: senderOf(caller, row),
      address: { tenantSlug: caller.tenant.slug, agentName: letter.agentName },
      request: { message: await messageOf(ports, row), ...said },
      options: { isRetried: true, namesTask: true, ...(extensions === undefined ? {} : { extensions }) },
      identity: { keyHash: key, fingerprint: key },
      replay: { taskId: row.taskId, agentId: row.agentId, by: caller },
    });
    return taskId;
  };
}

/** Whoever may replay does it for the one that sent the letter, who sees the new task among its own. */
function senderOf(caller: Caller, { ownerId }: TaskRow): Caller {
  const { principal, actors, tenant, scopes, status, requestId, expiresAtMs } = caller;
  return {
    // Its kind is told by no task, and nothing of a send depends on it.
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

/** The one message of the task, under its own id: an agent that knows it is not told twice. Only the first event is read, be the log as it may. */
async function messageOf({ store }: GatewayPorts, { tenantId, taskId }: TaskRow): Promise<Message> {
  const [submitted] = await store.readEvents(tenantId, taskId, 0, 1);
  const first = submitted === undefined ? undefined : storedResponse(submitted.json).task?.history?.[0];
  if (first === undefined) throw new PlatformError('task.not-replayable');
  const { taskId: _dead, metadata, ...message } = first;
  if (metadata === undefined) return message;
  // A deadline has passed by now, and whoever replays has no hurry to pass on.
  const { [dispatchUri]: _urgency, ...rest } = metadata;
  return Object.keys(rest).length === 0 ? message : { ...message, metadata: rest };
}

const parseSaid: (json: string) => Omit<UpstreamMessage, 'message'> = JSON.parse;

function saidBeside({ sendOptions }: TaskRow): Omit<UpstreamMessage, 'message'> {
  return sendOptions === null ? {} : parseSaid(sendOptions);
}

function invalidCursor(): PlatformError {
  const description = 'must be the next of the page before';
  return new PlatformError('request.invalid', { violations: [{ field: 'after', description }] });
}
