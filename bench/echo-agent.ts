/** The cheapest agent there is: bare node:http, A2A 1.0 over JSON-RPC, answers SendMessage with a completed task that repeats the text. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { echoWord } from './load/request-template.ts';
import { echoCard } from './process/agent-card.ts';
import { announce } from './process/ready.ts';

interface Envelope {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: {
    readonly message?: { readonly contextId?: string; readonly parts?: readonly { text?: string }[] };
  };
}

let tasks = 0;

function completedTask(message: NonNullable<Envelope['params']>['message'], text: string): object {
  tasks += 1;
  return {
    task: {
      id: `echo-${tasks}`,
      contextId: message?.contextId ?? `context-${tasks}`,
      status: { state: 'TASK_STATE_COMPLETED', timestamp: new Date().toISOString() },
      artifacts: [{ artifactId: 'echo', parts: [{ text: echoWord + text }] }],
    },
  };
}

function answerTo(body: string): object {
  let call: Envelope;
  try {
    call = JSON.parse(body) as Envelope;
  } catch {
    return { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'The body is not JSON.' } };
  }
  const id = call.id ?? null;
  if (call.method !== 'SendMessage') {
    return { jsonrpc: '2.0', id, error: { code: -32601, message: 'This agent knows SendMessage only.' } };
  }
  const message = call.params?.message;
  const text = message?.parts?.find((part) => part.text !== undefined)?.text;
  return text === undefined
    ? { jsonrpc: '2.0', id, error: { code: -32602, message: 'Send a part with text.' } }
    : { jsonrpc: '2.0', id, result: completedTask(message, text) };
}

function answer(response: ServerResponse, body: object): void {
  const json = Buffer.from(JSON.stringify(body));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length });
  response.end(json);
}

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  if (request.method === 'GET') return answer(response, echoCard(url));
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [only] = chunks;
    const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    answer(response, answerTo(body.toString('utf8')));
  });
});

const url = await announce(server);
