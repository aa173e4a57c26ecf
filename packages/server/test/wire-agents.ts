import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a fake agent was asked: enough to compare with what its wire allows. */
export interface AskedOfAgent {
  readonly verb: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: AskedBody;
}

interface AskedMessage {
  readonly taskId?: string;
  readonly contextId?: string;
  readonly parts: readonly { readonly text: string }[];
}

/** The members that an agent reads, of every wire: of a JSON-RPC envelope, or of a REST body. */
interface AskedBody {
  readonly id: string;
  readonly method: string;
  readonly params: { readonly id: string; readonly sessionId?: string; readonly message?: AskedMessage };
  readonly message: AskedMessage;
}

/** Read as what a caller of the wire sends; anything else breaks the fake, and with it the test. */
const readBody: (text: string) => AskedBody = JSON.parse;

/** An agent made of a bare HTTP server that speaks one wire exactly, with nothing of ours in it. */
export interface WireAgent extends AsyncDisposable {
  readonly url: string;
  readonly card: object;
  readonly asked: AskedOfAgent[];
}

interface Work {
  readonly id: string;
  readonly session: string;
  state: 'working' | 'input-required' | 'completed' | 'failed' | 'canceled';
  /** What it says beside its state. */
  words: string | null;
  /** What it has made, piece by piece. */
  readonly pieces: string[];
  turns: number;
  gets: number;
}

/** What every fake agent does, told by the text that it gets. Wires only put it into words. */
class Brain {
  readonly works = new Map<string, Work>();
  #count = 0;

  take(id: string | undefined, session: string | undefined, text: string): Work {
    const known = this.works.get(id ?? '');
    if (known !== undefined) {
      known.turns += 1;
      known.pieces.push(`answered ${text}`);
      Object.assign(known, { state: 'completed', words: null });
      return known;
    }
    this.#count += 1;
    const work: Work = {
      id: id ?? `agent-task-${this.#count}`,
      session: session ?? 'agent-session',
      state: 'completed',
      words: null,
      pieces: [],
      turns: 1,
      gets: 0,
    };
    this.works.set(work.id, work);
    if (text === 'ask') Object.assign(work, { state: 'input-required', words: 'Which?' });
    else if (text === 'fail') Object.assign(work, { state: 'failed', words: 'I can not.' });
    else if (text === 'later' || text === 'hang') work.state = 'working';
    else work.pieces.push('you said ', text);
    return work;
  }

  get(id: string): Work | undefined {
    const work = this.works.get(id);
    if (work === undefined) return undefined;
    work.gets += 1;
    // Delayed work is done after a client has asked for it twice.
    if (
      work.gets === 2 &&
      work.state === 'working' &&
      work.turns === 1 &&
      work.pieces.length === 0 &&
      !this.#isHung(work)
    ) {
      work.pieces.push('done ', 'later');
      work.state = 'completed';
    }
    return work;
  }

  readonly #hung = new Set<Work>();

  hang(work: Work): void {
    this.#hung.add(work);
  }

  #isHung(work: Work): boolean {
    return this.#hung.has(work);
  }

  cancel(id: string): Work | undefined {
    const work = this.works.get(id);
    if (work !== undefined) Object.assign(work, { state: 'canceled', words: 'Stopped.' });
    return work;
  }
}

type Handle = (asked: AskedOfAgent, response: ServerResponse, url: string) => void;

async function serve(handle: Handle, cardAt: (url: string) => object, cardPath: string): Promise<WireAgent> {
  const asked: AskedOfAgent[] = [];
  let url = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const path = request.url ?? '';
      if (path === cardPath) return json(response, 200, cardAt(url));
      if (request.method === 'GET' && (path === '/' || path.startsWith('/.well-known'))) return json(response, 404, {});
      const body = readBody(text === '' ? '{}' : text);
      const one = { verb: request.method ?? '', path, headers: request.headers, body };
      asked.push(one);
      handle(one, response, url);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The agent listens at no port.');
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    card: cardAt(url),
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Streams events; a stream of hung work stays open. */
function stream(response: ServerResponse, events: readonly unknown[], isOpen: boolean): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
  if (!isOpen) response.end();
}

export interface WireAgentOptions {
  readonly streaming: boolean;
}

/** An agent of A2A 0.1: tasks/send and its siblings over JSON-RPC, its card at the old place. */
export function startAgentV01({ streaming }: WireAgentOptions): Promise<WireAgent> {
  const brain = new Brain();
  const message = (text: string): object => ({ role: 'agent', parts: [{ type: 'text', text }] });
  const status = ({ state, words }: Work): object => ({
    state,
    ...(words === null ? {} : { message: message(words) }),
    // As the samples of that time wrote times: without a zone.
    timestamp: new Date().toISOString().replace('Z', '000'),
  });
  const task = (work: Work): object => ({
    id: work.id,
    sessionId: work.session,
    status: status(work),
    artifacts:
      work.pieces.length === 0
        ? null
        : [{ name: null, index: 0, parts: [{ type: 'text', text: work.pieces.join('') }] }],
    history: null,
  });
  const events = (work: Work): readonly object[] => [
    { id: work.id, status: { state: 'working' }, final: false },
    ...work.pieces.map((text, at) => ({
      id: work.id,
      artifact: { index: 0, append: at > 0, lastChunk: at === work.pieces.length - 1, parts: [{ type: 'text', text }] },
    })),
    ...(work.state === 'working' ? [] : [{ id: work.id, status: status(work), final: true }]),
  ];
  const handle: Handle = ({ body }, response) => {
    const { id, method, params } = body;
    const result = (value: unknown): object => ({ jsonrpc: '2.0', id, result: value });
    const fail = (code: number): void => json(response, 200, { jsonrpc: '2.0', id, error: { code, message: 'No.' } });
    const answer = (work: Work | undefined): void =>
      work === undefined ? fail(-32001) : json(response, 200, result(task(work)));
    const streamed = (work: Work): void => stream(response, events(work).map(result), text === 'hang');
    const text = params.message?.parts[0]?.text ?? '';
    if (text === 'refuse') return fail(-32603);
    if (method === 'tasks/get') return answer(brain.get(params.id));
    if (method === 'tasks/cancel') return answer(brain.cancel(params.id));
    if (method !== 'tasks/send' && (method !== 'tasks/sendSubscribe' || !streaming)) return fail(-32601);
    const work = brain.take(params.id, params.sessionId, text);
    if (text === 'hang') brain.hang(work);
    return method === 'tasks/send' ? answer(work) : streamed(work);
  };
  const card = (url: string): object => ({ name: 'Old', url, version: '1', capabilities: { streaming }, skills: [] });
  return serve(handle, card, '/.well-known/agent.json');
}

/** An agent of A2A 0.3 over JSON-RPC: message/send and its siblings, which answers `reply` with a message instead of a task. */
export function startAgentV03({ streaming }: WireAgentOptions): Promise<WireAgent> {
  const brain = new Brain();
  const message = (text: string): object => ({
    kind: 'message',
    messageId: `said ${text}`,
    role: 'agent',
    parts: [{ kind: 'text', text }],
  });
  const status = ({ state, words }: Work): object => ({
    state,
    ...(words === null ? {} : { message: message(words) }),
    timestamp: new Date().toISOString(),
  });
  const bare = (work: Work): object => ({ kind: 'task', id: work.id, contextId: work.session, status: status(work) });
  const task = (work: Work): object => ({
    ...bare(work),
    artifacts:
      work.pieces.length === 0 ? [] : [{ artifactId: 'a', parts: [{ kind: 'text', text: work.pieces.join('') }] }],
  });
  const events = (work: Work): readonly object[] => {
    const ids = { taskId: work.id, contextId: work.session };
    return [
      { ...bare(work), status: { state: 'working' } },
      ...work.pieces.map((text, at) => ({
        ...ids,
        kind: 'artifact-update',
        artifact: { artifactId: 'a', parts: [{ kind: 'text', text }] },
        append: at > 0,
      })),
      ...(work.state === 'working' ? [] : [{ ...ids, kind: 'status-update', status: status(work), final: true }]),
    ];
  };
  const handle: Handle = ({ body }, response) => {
    const { id, method, params } = body;
    const result = (value: unknown): object => ({ jsonrpc: '2.0', id, result: value });
    const fail = (code: number): void => json(response, 200, { jsonrpc: '2.0', id, error: { code, message: 'No.' } });
    const answer = (work: Work | undefined): void =>
      work === undefined ? fail(-32001) : json(response, 200, result(task(work)));
    const text = params.message?.parts[0]?.text ?? '';
    if (text === 'refuse') return fail(-32603);
    if (method === 'tasks/get') return answer(brain.get(params.id));
    if (method === 'tasks/cancel') return answer(brain.cancel(params.id));
    if (method !== 'message/send' && (method !== 'message/stream' || !streaming)) return fail(-32004);
    const isStream = method === 'message/stream';
    if (text === 'reply') {
      const reply = result(message('just words'));
      return isStream ? stream(response, [reply], false) : json(response, 200, reply);
    }
    const work = brain.take(params.message?.taskId, params.message?.contextId, text);
    if (text === 'hang') brain.hang(work);
    return isStream ? stream(response, events(work).map(result), text === 'hang') : answer(work);
  };
  const card = (url: string): object => ({
    name: 'Later',
    description: 'Knows no 1.0',
    url,
    version: '1',
    protocolVersion: '0.3.0',
    capabilities: { streaming },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
  });
  return serve(handle, card, '/.well-known/agent-card.json');
}

/** An agent of A2A 1.0 over HTTP+JSON alone, which answers `reply` with a message instead of a task. */
export function startRestAgent({ streaming }: WireAgentOptions): Promise<WireAgent> {
  const brain = new Brain();
  const message = (text: string): object => ({ messageId: `said ${text}`, role: 'ROLE_AGENT', parts: [{ text }] });
  const stateOf = ({ state }: Work): string => `TASK_STATE_${state.toUpperCase().replace('-', '_')}`;
  const status = (work: Work): object => ({
    state: stateOf(work),
    ...(work.words === null ? {} : { message: message(work.words) }),
  });
  const bare = (work: Work): object => ({ id: work.id, contextId: work.session, status: status(work) });
  const task = (work: Work): object => ({
    ...bare(work),
    ...(work.pieces.length === 0 ? {} : { artifacts: [{ artifactId: 'a', parts: [{ text: work.pieces.join('') }] }] }),
  });
  const events = (work: Work): readonly object[] => {
    const ids = { taskId: work.id, contextId: work.session };
    return [
      { task: { ...bare(work), status: { state: 'TASK_STATE_WORKING' } } },
      ...work.pieces.map((text, at) => ({
        artifactUpdate: {
          ...ids,
          artifact: { artifactId: 'a', parts: [{ text }] },
          ...(at > 0 ? { append: true } : {}),
        },
      })),
      ...(work.state === 'working' ? [] : [{ statusUpdate: { ...ids, status: status(work) } }]),
    ];
  };
  const fail = (response: ServerResponse, code: number, reason: string): void => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'a2a-protocol.org' }];
    json(response, code, { error: { code, status: 'NOT_FOUND', message: 'No.', details } });
  };
  const handle: Handle = ({ verb, path, body }, response) => {
    const [, id, action] = /^\/v9\/tasks\/([^:]+)(?::(\w+))?$/.exec(path.split('?')[0] ?? '') ?? [];
    if (id !== undefined) {
      if (action === 'subscribe') return fail(response, 400, 'UNSUPPORTED_OPERATION');
      const work = action === 'cancel' ? brain.cancel(id) : brain.get(id);
      const isRight = verb === (action === 'cancel' ? 'POST' : 'GET');
      return work === undefined || !isRight ? fail(response, 404, 'TASK_NOT_FOUND') : json(response, 200, task(work));
    }
    const isStream = path === '/v9/message:stream' && streaming;
    if (verb !== 'POST' || (path !== '/v9/message:send' && !isStream)) return fail(response, 404, 'METHOD_NOT_FOUND');
    const text = body.message.parts[0]?.text ?? '';
    if (text === 'refuse') return fail(response, 400, 'CONTENT_TYPE_NOT_SUPPORTED');
    if (text === 'reply') {
      const reply = { message: message('just words') };
      return isStream ? stream(response, [reply], false) : json(response, 200, reply);
    }
    const work = brain.take(body.message.taskId, body.message.contextId, text);
    if (text === 'hang') brain.hang(work);
    return isStream ? stream(response, events(work), text === 'hang') : json(response, 200, { task: task(work) });
  };
  const card = (url: string): object => ({
    name: 'Rest',
    description: 'Has no JSON-RPC',
    version: '1',
    supportedInterfaces: [{ url: `${url}/v9/`, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' }],
    capabilities: { streaming },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
  });
  return serve(handle, card, '/.well-known/agent-card.json');
}
