import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** Makes subscriptions to one task come one after the other until the transaction ends, so that their number is exact. */
export function lockSubscriptions(taskId: TaskId): Statement {
  return {
    name: 'lock-subscriptions',
    text: `select pg_advisory_xact_lock(hashtextextended('push ' || $1::text, 0))`,
    values: [uuidOf(taskId)],
  };
}
