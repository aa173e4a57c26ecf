import type { Artifact, Message } from '@colloquy/protocol';

/** All text of a message or artifact: its text parts joined without a separator; empty when it has none. */
export function text(from: Message | Artifact): string {
  return from.parts.map((part) => part.text ?? '').join('');
}
