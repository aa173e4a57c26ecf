import { digest128 } from '../../kernel/digest.ts';
import type { TaskId } from '../../kernel/ids.ts';
import type { NewPushSubscription } from '../tasks/index.ts';

/** A subscription as its owner may see it: never with a secret. */
export interface PushSubscription extends Pick<
  NewPushSubscription,
  'tenantId' | 'taskId' | 'subscriptionId' | 'configId' | 'url' | 'credentialsScheme'
> {
  readonly createdAt: Date;
}

/** The id of the subscription of this name at this task: 32 hex digits. */
export function subscriptionIdOf(taskId: TaskId, configId: string): string {
  return digest128(`push subscription ${taskId} ${configId}`);
}
