import type { JsonObject } from '@colloquy/protocol';
import { streamCursorUri } from '../../registry/index.ts';
import type { StreamedEvent } from '../ports.ts';

/** The one member of a `StreamResponse`, whichever it is; each has metadata. */
const parseMembers: (json: string) => Readonly<Record<string, { readonly metadata?: JsonObject }>> = JSON.parse;

/** The event with its sequence as cursor in its metadata, in place of any cursor from an agent. */
export function withCursor({ seq, json }: StreamedEvent): StreamedEvent {
  const members = Object.entries(parseMembers(json)).map(([name, member]) => {
    const metadata = { ...member.metadata, [streamCursorUri]: { cursor: String(seq) } };
    return [name, { ...member, metadata }] as const;
  });
  return { seq, json: JSON.stringify(Object.fromEntries(members)) };
}
