import { isDeepStrictEqual } from 'node:util';

/** The platform's extension for readers of streams: with it, the log of a task that has ended is shown too. */
export const streamCursorUri = 'urn:colloquy:extension:stream-cursor:v1';

/**
 * The event as the log has it, as JSON text: without the cursor that the extension adds, which says what the frame's id says. Another
 * cursor stays, for the checks to find.
 */
export function withoutCursor(response: object, frameId: string | undefined): string {
  const members = Object.entries(response).map(([name, member]: [string, { readonly metadata?: object }]) => {
    const { [streamCursorUri]: told, ...metadata }: Record<string, unknown> = { ...member.metadata };
    if (!isDeepStrictEqual(told, { cursor: frameId })) return [name, member] as const;
    const { metadata: _metadata, ...rest } = member;
    return [name, Object.keys(metadata).length === 0 ? rest : { ...rest, metadata }] as const;
  });
  return JSON.stringify(Object.fromEntries(members));
}
