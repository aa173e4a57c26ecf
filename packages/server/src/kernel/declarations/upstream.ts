import { entry, never, same } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';

/** The errors of calls of agents. */
export const upstreamErrors = {
  'upstream.unreachable': entry(
    'upstream-failed',
    'agent',
    same,
    'The agent could not be reached; nothing was charged. Try again later.',
  ),
  'upstream.circuit-open': entry(
    'unavailable',
    'agent',
    { kind: 'after', retryAfterMs: 1000 },
    'The agent failed several times in a row, so calls pause for a while; nothing was sent and nothing was charged.',
  ),
  'upstream.saturated': entry(
    'unavailable',
    'agent',
    { kind: 'after', retryAfterMs: 1000 },
    'The agent has as many open and waiting calls as allowed; nothing was sent and nothing was charged.',
  ),
  'upstream.queue-too-old': entry(
    'unavailable',
    'agent',
    { kind: 'after', retryAfterMs: 5000 },
    'Tasks wait too long for this agent already; nothing was recorded and nothing was charged. Try again later.',
  ),
  'upstream.task-failed': entry(
    'upstream-failed',
    'agent',
    never,
    'The agent reported that the task failed, and no fallback agent could do it; nothing was charged.',
  ),
  'upstream.key-refused': entry(
    'upstream-failed',
    'agent',
    never,
    'The agent showed a TLS key that is not pinned for it; nothing was sent to it and nothing was charged.',
  ),
  'upstream.refused': entry(
    'upstream-failed',
    'agent',
    never,
    'The agent answered with an error; nothing was charged.',
  ),
  'upstream.invalid-answer': entry(
    'upstream-failed',
    'agent',
    never,
    'The agent gave an answer that is not valid A2A; nothing was charged.',
  ),
  'upstream.too-large': entry(
    'upstream-failed',
    'agent',
    never,
    'The agent answered with more than this platform accepts; nothing was charged.',
  ),
  'upstream.timeout': entry(
    'upstream-timeout',
    'agent',
    never,
    'The agent did not finish in time; nothing was charged.',
  ),
  'upstream.outcome-unknown': entry(
    'upstream-failed',
    'agent',
    never,
    'The platform lost the connection to the agent while it worked; the outcome is unknown and nothing was charged.',
  ),
} as const satisfies Record<string, CatalogEntry>;
