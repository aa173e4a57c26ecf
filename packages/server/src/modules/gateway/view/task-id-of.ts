import { PlatformError } from '../../../kernel/errors.ts';
import { isId } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';

/** The id in a request, or the same error as for a task that does not exist. */
export function taskIdOf(id: string): TaskId {
  if (!isId('tsk', id)) throw new PlatformError('task.unknown');
  return id;
}
