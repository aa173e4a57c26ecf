import type { JsonObject } from '@colloquy/protocol';
import { streamCursorUri } from '../../registry/index.ts';
import type { StreamedEvent } from '../ports.ts';

/** The extensions that a caller requests. */
interface NamedExtensions {
  readonly extensions?: readonly string[];
}

/** The one member of a `StreamResponse`, whichever it is; each has metadata. */
const parseMembers: (json: string) => Readonly<Record<string, { readonly metadata?: JsonObject }>> = JSON.parse;

/** Whether the caller requests cursors. */
export function asksForCursors({ extensions }: NamedExtensions): boolean {
  return extensions?.includes(streamCursorUri) === true;
}

/** The extensions that are active on a stream whose caller requests these. */
export function streamExtensions(named: NamedExtensions): readonly string[] {
  return asksForCursors(named) ? [streamCursorUri] : [];
}

/** The event with its sequence as cursor in its metadata, in place of any cursor from an agent. */
export function withCursor({ seq, json }: StreamedEvent): StreamedEvent {
  const members = Object.entries(parseMembers(json)).map(([name, member]) => {
    const metadata = { ...member.metadata, [streamCursorUri]: { cursor: String(seq) } };
    return [name, { ...member, metadata }] as const;
  });
  return { seq, json: JSON.stringify(Object.fromEntries(members)) };
}
