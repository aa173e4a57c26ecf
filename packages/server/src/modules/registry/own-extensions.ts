import type { AgentExtension } from '@colloquy/protocol';

/** URI of the extension with prices and provenance on the extended card. */
export const agreementExtensionUri = 'urn:colloquy:extension:terms:v1';

/** URI of the extension that adds cursors to streams, so that a reader can resume. */
export const streamCursorUri = 'urn:colloquy:extension:stream-cursor:v1';

/** URI of the extension by which a message names its skill. */
export const skillUri = 'urn:colloquy:extension:skill:v1';

/** URI of the extension by which a task reports a cache hit. */
export const resultCacheUri = 'urn:colloquy:extension:result-cache:v1';

/** URI of the extension by which tasks say what they cost. */
export const costUri = 'urn:colloquy:extension:cost:v1';

/** URI of the extension by which a message sets its priority and its deadline. */
export const urgencyUri = 'urn:colloquy:extension:dispatch:v1';

const ownUris: ReadonlySet<string> = new Set([
  agreementExtensionUri,
  streamCursorUri,
  skillUri,
  resultCacheUri,
  urgencyUri,
  costUri,
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

const cost: AgentExtension = {
  uri: costUri,
  description:
    "Tasks, and the last event of a stream, tell in their metadata what is reserved, settled and released of the caller's credits.",
};

/** Whether an extension is between this platform and its callers. On an agent's card the same URI would mean the agent's own stream. */
export function isOwnExtension(uri: string | undefined): boolean {
  return uri !== undefined && ownUris.has(uri);
}

/** The extensions of a served card: the agent's, then the platform's. */
export function servedExtensions(ofAgent: readonly AgentExtension[] = []): readonly AgentExtension[] {
  return [...ofAgent.filter(({ uri }) => !isOwnExtension(uri)), streamCursor, skill, cost];
}
