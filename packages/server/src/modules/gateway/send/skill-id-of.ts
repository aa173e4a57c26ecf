import type { Message } from '@colloquy/protocol';
import { skillUri } from '../../registry/index.ts';

/** The skill that a message says it is for; null for none. */
export function skillIdOf({ metadata }: Message): string | null {
  const named: unknown = metadata?.[skillUri];
  const id: unknown = typeof named === 'object' && named !== null && 'id' in named ? named.id : null;
  return typeof id === 'string' ? id : null;
}
