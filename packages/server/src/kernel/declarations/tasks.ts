import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofAgent, ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of tasks and delegation chains. */
export const taskErrors = {
  'task.unknown': entry('not-found', 'caller', never, 'Task not found: no task that you may see has this id.'),
  'task.dead-letter-unknown': entry('not-found', 'caller', never, 'There is no such dead-lettered task.'),
  'task.not-replayable': entry(
    'precondition',
    'caller',
    never,
    'The task had several messages, or its sender is suspended, so it cannot be replayed; send a new message.',
  ),
  'task.skill-unknown': entry('not-found', 'caller', never, 'The agent has no such skill.'),
  'task.not-cancelable': entry('precondition', 'caller', never, 'The task has ended and cannot be canceled.'),
  'task.ended': entry(
    'precondition',
    'caller',
    never,
    'The task has ended; send a new message in the same context instead.',
  ),
  'task.busy': entry(
    'precondition',
    'caller',
    { kind: 'after', retryAfterMs: 1000 },
    'The task is being worked on; wait until it asks for input.',
  ),
  'task.expired': entry(
    'precondition',
    'caller',
    never,
    'The task waited too long for its caller and was ended; nothing was charged. Send the message again.',
  ),
  'task.given-up': entry(
    'internal',
    'operator',
    never,
    'Too many processes of the platform died while they worked on the task; nothing was charged.',
  ),
  'task.deadline-passed': entry(
    'precondition',
    'caller',
    never,
    'The task did not finish before its deadline and was ended; nothing was charged.',
  ),
  'task.context-mismatch': entry(
    'invalid',
    'caller',
    never,
    'The contextId is not the one of the task; leave it out or send the one of the task.',
  ),
  'task.media-type-unsupported': entry(
    'invalid',
    'caller',
    never,
    'The agent does not accept parts of this media type; its card names those it accepts.',
  ),
  'task.extension-required': entry(
    'precondition',
    'caller',
    never,
    'The agent requires an extension; name it in the header A2A-Extensions.',
  ),
  'task.idempotency-conflict': entry(
    'conflict',
    'caller',
    never,
    'This Idempotency-Key was used with another message; use a new key for a new message.',
  ),
  'task.push-unsupported': entry(
    'precondition',
    'caller',
    never,
    'Push notifications are not offered; stream the task or poll it.',
  ),
  'delegation.invalid': entry(
    'forbidden',
    'caller',
    never,
    'The delegation is not valid: pass on the forward token of a task that is in progress, as the agent received it.',
  ),
  'delegation.loop': entry(
    'precondition',
    'caller',
    never,
    'The agent already works on a task above this one in the delegation chain; nothing was sent and nothing was charged.',
  ),
  'delegation.too-deep': entry(
    'precondition',
    'caller',
    never,
    'The delegation chain has reached its largest depth; nothing was sent and nothing was charged.',
  ),
  'delegation.budget-used': entry(
    'payment-required',
    'caller',
    never,
    'The budget of the message, or what its delegation chain has left, does not cover the price of the task; nothing was sent and nothing was charged.',
  ),
  'task.page-token-invalid': entry(
    'invalid',
    'caller',
    never,
    'The page token does not belong to this list, or is too old; list from the start.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const taskOperations = {
  'task.send': ofAgent('a2a:send', 'skill'),
  'task.get': ofAgent('a2a:read'),
  'task.list': ofAgent('a2a:read'),
  'task.cancel': ofAgent('a2a:cancel'),
  'task.subscribe': ofAgent('a2a:read'),
  'call.send': ofAgent('a2a:send', 'skill'),
  'call.read': ofAgent('a2a:read', 'task'),
  'call.follow': ofAgent('a2a:read', 'task'),
  'dead-letter.list': ofTenant('tasks:inspect'),
  'dead-letter.replay': ofTenant('deliveries:write'),
  'task.inspect': ofTenant('tasks:inspect', 'anywhere'),
  'delegation.read': ofTenant('a2a:read'),
  'delegation.change': ofTenant('limits:write'),
} as const satisfies Record<string, OperationPolicy>;

export const taskAuditActions = [
  'task.completed',
  'task.failed',
  'task.canceled',
  'task.rejected',
  'task.refused',
  'task.replayed',
  'delegation.depth-set',
] as const;
