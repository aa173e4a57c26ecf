/** What the harness agent does with a message, step by step. */
export type Step =
  | { readonly state: string; readonly words?: string }
  | { readonly artifact: ArtifactStep; readonly append?: boolean; readonly lastChunk?: boolean }
  /** Answers with a message and no task. */
  | { readonly reply: string }
  /** Waits until the harness is told to let this message go on, or its task is canceled. */
  | { readonly hold: true }
  | { readonly waitMs: number }
  /** Answers with this JSON in place of what the protocol asks for. */
  | { readonly garbage: unknown };

export interface ArtifactStep {
  readonly artifactId: string;
  readonly parts: readonly object[];
  readonly name?: string;
  readonly metadata?: object;
  readonly extensions?: readonly string[];
}

/** The parts of a message that a script reads. */
export interface HeardMessage {
  readonly messageId: string;
  readonly taskId?: string;
  readonly contextId?: string;
  readonly parts: readonly object[];
  readonly metadata?: object;
  readonly extensions?: readonly string[];
  readonly referenceTaskIds?: readonly string[];
}

const working: Step = { state: 'TASK_STATE_WORKING' };
const completed: Step = { state: 'TASK_STATE_COMPLETED' };
const asks: Step = { state: 'TASK_STATE_INPUT_REQUIRED', words: 'Which one?' };
const file = { filename: 'output.txt', mediaType: 'text/plain' };

const text = (words: string, artifactId = 'text'): Step => ({ artifact: { artifactId, parts: [{ text: words }] } });
const streamed = (step: Step): readonly Step[] => [working, step, completed];
const chunk = (words: string, place: { readonly append?: boolean; readonly lastChunk?: boolean }): Step => ({
  artifact: { artifactId: 'chunks', parts: [{ text: words }] },
  ...place,
});

/** What the official conformance kit expects, by the beginning of a messageId. */
const kitScripts: Readonly<Record<string, readonly Step[]>> = {
  'tck-complete-task': [{ state: 'TASK_STATE_COMPLETED', words: 'Hello from TCK' }],
  'tck-artifact-text': [text('Generated text content'), completed],
  'tck-artifact-file': [{ artifact: { artifactId: 'file', parts: [{ raw: 'b3V0cHV0', ...file }] } }, completed],
  'tck-artifact-file-url': [
    { artifact: { artifactId: 'file', parts: [{ url: 'https://example.com/output.txt', ...file }] } },
    completed,
  ],
  'tck-artifact-data': [
    { artifact: { artifactId: 'data', parts: [{ data: { key: 'value', count: 42 } }] } },
    completed,
  ],
  'tck-message-response': [{ reply: 'Direct message response' }],
  'tck-input-required': [asks],
  'tck-reject-task': [{ state: 'TASK_STATE_REJECTED', words: 'rejected' }],
  'tck-stream-001': streamed(text('Stream hello from TCK')),
  'tck-stream-002': [completed],
  'tck-stream-003': streamed(text('Stream task lifecycle')),
  'tck-stream-ordering-001': streamed(text('Ordered output')),
  'tck-stream-artifact-text': streamed(text('Streamed text content')),
  'tck-stream-artifact-file': streamed({ artifact: { artifactId: 'file', parts: [{ raw: 'b3V0cHV0', ...file }] } }),
  'tck-stream-artifact-chunked': [
    working,
    chunk('chunk-1 ', {}),
    chunk('chunk-2', { append: true, lastChunk: true }),
    completed,
  ],
  'test-resubscribe-message-id': [working, { waitMs: 4000 }, completed],
};

/** What our own scenarios ask for. */
const ownScripts: Readonly<Record<string, readonly Step[]>> = {
  hold: [working, text('so far'), { hold: true }, text('the rest', 'rest'), completed],
  ask: [working, asks],
  authorize: [working, { state: 'TASK_STATE_AUTH_REQUIRED', words: 'Grant access to the calendar.' }],
  'authorize-held': [
    working,
    { state: 'TASK_STATE_AUTH_REQUIRED', words: 'Grant access to the calendar.' },
    { hold: true },
    text('granted'),
    completed,
  ],
  reject: [{ state: 'TASK_STATE_REJECTED', words: 'Not today.' }],
  fail: [working, { state: 'TASK_STATE_FAILED', words: 'It broke.' }],
  reply: [{ reply: 'Just words.' }],
  'many-chunks': [
    working,
    ...Array.from({ length: 12 }, (_, at) => chunk(`${at + 1} `, { append: at > 0, lastChunk: at === 11 })),
    completed,
  ],
  garbage: [{ garbage: { task: { id: 7 } } }],
};

const scripts: readonly (readonly [prefix: string, steps: readonly Step[]])[] = Object.entries({
  ...kitScripts,
  ...ownScripts,
}).sort(([a], [b]) => b.length - a.length);

/** Answers everything that came with the message, so that a caller sees what reached the agent. */
const echo = ({ messageId, taskId: _task, contextId: _context, ...said }: HeardMessage): readonly Step[] => [
  { artifact: { artifactId: 'echo', parts: [{ data: { messageId, ...said } }] } },
  completed,
];

/** The longest beginning of the messageId that there is a script for; otherwise the message comes back in an artifact. */
export function stepsFor(message: HeardMessage): readonly Step[] {
  const found = scripts.find(([prefix]) => message.messageId.startsWith(prefix));
  return found === undefined ? echo(message) : found[1];
}
