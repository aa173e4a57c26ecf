import type { AgentExtension } from '@colloquy/protocol';

/** Names the extension under which the extended card tells terms and provenance. */
export const termsExtensionUri = 'urn:colloquy:extension:terms:v1';

/** Names the extension under which streams tell how far their reader has come, and go on from there. */
export const streamCursorUri = 'urn:colloquy:extension:stream-cursor:v1';

/** Names the extension under which a message says which skill it is for. */
export const skillUri = 'urn:colloquy:extension:skill:v1';

/** Names what a task says of a result that another task fetched. */
export const resultCacheUri = 'urn:colloquy:extension:result-cache:v1';

/** Names what a message says of its urgency: its priority, and until when it is of use. */
export const dispatchUri = 'urn:colloquy:extension:dispatch:v1';

const ownUris: ReadonlySet<string> = new Set([
  termsExtensionUri,
  streamCursorUri,
  skillUri,
  resultCacheUri,
  dispatchUri,
]);

const streamCursor: AgentExtension = {
  uri: streamCursorUri,
  description:
    'Each streamed event tells its cursor in its metadata. SubscribeToTask with Last-Event-ID goes on after a cursor, also when the task has ended.',
};

const skill: AgentExtension = {
  uri: skillUri,
  description:
    'A message may say which skill of the agent it is for: { "id": "<skill id>" } in its metadata. Callers whose rights hold for single skills have to.',
};

/** Whether an extension is between this platform and its callers. An agent that names one too means another stream. */
export function isOwnExtension(uri: string | undefined): boolean {
  return uri !== undefined && ownUris.has(uri);
}

/** The extensions of every card that we serve: the agent's, then ours. */
export function servedExtensions(ofAgent: readonly AgentExtension[] = []): readonly AgentExtension[] {
  return [...ofAgent.filter(({ uri }) => !isOwnExtension(uri)), streamCursor, skill];
}
