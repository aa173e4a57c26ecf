import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { scenario } from '../run/scenario.ts';
import type { World } from '../run/scenario.ts';
import { completed, say } from './wire-objects.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly json: Record<string, unknown> & { readonly error?: Record<string, unknown> };
}

/** A request to the harness agent as it goes over the wire. */
async function ask({ stage }: World, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await stage.fetch(`/t/${stage.tenant.slug}/agents/harness${path}`, init);
  const text = await response.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Answer['json']) : {};
  return { status: response.status, type: response.headers.get('content-type') ?? '', text, json };
}

const post = (body: unknown, type = 'application/json'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const rpc = (method: string, params: unknown, over: object = {}): RequestInit =>
  post({ jsonrpc: '2.0', id: 'q', method, params, ...over });

const codeOf = ({ json }: Answer): unknown => json.error?.['code'];

/** Every key of a JSON value. */
const keysOf = (value: unknown): string[] =>
  value !== null && typeof value === 'object'
    ? Object.entries(value).flatMap(([key, inner]) => [...(Array.isArray(value) ? [] : [key]), ...keysOf(inner)])
    : [];

const jsonRpc = { on: ['JSONRPC'] } as const;
const rest = { on: ['HTTP+JSON'] } as const;

/** Sections 5.5, 9 and 11, seen as bytes. */
export const rawHttpScenarios = [
  scenario(
    'names are in camel case and enumerations are words',
    ['NAMES-1', 'NAMES-2'],
    async (world) => {
      const { id } = await completed(world.binding);
      const asked = say('tck-artifact-file');
      const answers = await (
        world.binding.name === 'JSONRPC'
          ? [
              ask(world, '', rpc('GetTask', { id })),
              ask(world, '', rpc('ListTasks', {})),
              ask(world, '', rpc('SendMessage', asked)),
            ]
          : [ask(world, `/tasks/${id}`), ask(world, '/tasks'), ask(world, '/message:send', post(asked))]
      ).reduce(async (all, answer) => [...(await all), await answer], Promise.resolve<Answer[]>([]));
      for (const { text, json } of answers) {
        // The echoed message is data, which stays as its author wrote it.
        const keys = keysOf(json).filter((key) => !key.startsWith('http'));
        assert.ok(
          keys.every((key) => /^[a-z][A-Za-z]*$/.test(key)),
          keys.join(),
        );
        assert.doesNotMatch(text, /"(state|role)":(\d|"(?!TASK_STATE_|ROLE_))/);
      }
    },
    { on: ['JSONRPC', 'HTTP+JSON'] },
  ),
  scenario(
    'JSON-RPC answers in its media types',
    ['RPC-1'],
    async (world) => {
      assert.match((await ask(world, '', rpc('ListTasks', {}))).type, /^application\/json(;|$)/);
      assert.match((await ask(world, '', rpc('SendStreamingMessage', say('echo')))).type, /^text\/event-stream(;|$)/);
    },
    jsonRpc,
  ),
  scenario(
    'JSON-RPC knows the methods of the operations and no others',
    ['RPC-2', 'RPC-10'],
    async (world) => {
      for (const method of ['sendMessage', 'tasks/list', 'Send', '']) {
        const answer = await ask(world, '', rpc(method, {}));
        assert.ok([-32601, -32600].includes(Number(codeOf(answer))), `${method}: ${answer.text}`);
      }
    },
    jsonRpc,
  ),
  scenario(
    'what is not JSON-RPC 2.0 is refused with the code for it',
    ['RPC-6', 'RPC-10'],
    async (world) => {
      assert.equal(codeOf(await ask(world, '', post('{"jsonrpc":'))), -32700);
      for (const wrong of [
        { jsonrpc: '1.0' },
        { jsonrpc: undefined },
        { method: 7 },
        { method: undefined },
        { id: {} },
      ]) {
        const answer = await ask(world, '', rpc('ListTasks', {}, wrong));
        assert.equal(codeOf(answer), -32600, JSON.stringify(wrong));
      }
      assert.equal(codeOf(await ask(world, '', rpc('GetTask', {}))), -32602);
      assert.equal(codeOf(await ask(world, '', rpc('GetTask', [1]))), -32602);
      assert.equal(codeOf(await ask(world, '', post('hello', 'text/plain'))), -32005);
    },
    jsonRpc,
  ),
  scenario(
    'an answer of JSON-RPC repeats the id of its request',
    ['RPC-7'],
    async (world) => {
      for (const id of ['a', 7, 0]) {
        assert.equal((await ask(world, '', rpc('ListTasks', {}, { id }))).json['id'], id);
        assert.equal((await ask(world, '', rpc('GetTask', { id: randomUUID() }, { id }))).json['id'], id);
      }
    },
    jsonRpc,
  ),
  scenario(
    'HTTP+JSON answers in the media type of A2A to who speaks it',
    ['REST-1'],
    async (world) => {
      const a2a = 'application/a2a+json';
      assert.match((await ask(world, '/message:send', post(say('echo'), a2a))).type, /^application\/a2a\+json/);
      assert.match((await ask(world, '/tasks', { headers: { accept: a2a } })).type, /^application\/a2a\+json/);
      const missing = await ask(world, '/tasks/none', { headers: { accept: a2a } });
      assert.match(missing.type, /^application\/a2a\+json/);
      assert.equal((await ask(world, '/message:send', post(say('echo')))).status, 200);
    },
    rest,
  ),
  scenario(
    'HTTP+JSON has a verb and a path for each operation',
    ['REST-5'],
    async (world) => {
      const { id } = await completed(world.binding);
      assert.equal((await ask(world, `/tasks/${id}`)).status, 200);
      assert.equal((await ask(world, '/tasks')).status, 200);
      assert.equal((await ask(world, '/message:send', post(say('echo')))).status, 200);
      assert.equal((await ask(world, '/message:stream', post(say('echo')))).status, 200);
      assert.equal((await ask(world, `/tasks/${id}:cancel`, { method: 'POST' })).status, 400);
      assert.equal((await ask(world, `/tasks/${id}:subscribe`, { method: 'POST' })).status, 400);
      assert.equal((await ask(world, '/no/such/path')).status, 404);
    },
    rest,
  ),
  scenario(
    'HTTP+JSON reads path and query, in camel case and percent-encoded',
    ['REST-6', 'REST-7', 'REST-9'],
    async (world) => {
      const contextId = `a b/ü&c=${randomUUID()}`;
      const { id, status } = await completed(world.binding, { contextId });
      const after = encodeURIComponent(status.timestamp);
      const filter = `contextId=${encodeURIComponent(contextId)}&pageSize=1&statusTimestampAfter=${after}`;
      const answer = await ask(
        world,
        `/tasks?${filter}&includeArtifacts=true&historyLength=0&status=TASK_STATE_COMPLETED`,
      );
      assert.partialDeepStrictEqual(answer.json, { tasks: [{ id, contextId }], totalSize: 1 });
      assert.doesNotMatch(answer.text, /"history"/);
      assert.match(answer.text, /"artifacts"/);
      assert.equal((await ask(world, '/tasks?pageSize=many')).status, 400);
    },
    rest,
  ),
  scenario(
    'an error of HTTP+JSON is a status of google.rpc',
    ['REST-13'],
    async (world) => {
      const { status, json } = await ask(world, `/tasks/${randomUUID()}`);
      assert.equal(status, 404);
      assert.partialDeepStrictEqual(json.error, { code: 404, status: 'NOT_FOUND' });
      assert.equal(typeof json.error?.['message'], 'string');
      assert.ok(Array.isArray(json.error?.['details']));
    },
    rest,
  ),
  scenario(
    'a stream of HTTP+JSON carries bare events',
    ['REST-15'],
    async (world) => {
      const { type, text } = await ask(world, '/message:stream', post(say('tck-stream-001')));
      assert.match(type, /^text\/event-stream(;|$)/);
      const data = text.split('\n').filter((line) => line.startsWith('data:'));
      const kinds = data.flatMap((line) => Object.keys(JSON.parse(line.slice(5)) as object));
      assert.equal(kinds[0], 'task');
      assert.ok(
        kinds.slice(1).every((kind) => kind === 'statusUpdate' || kind === 'artifactUpdate'),
        kinds.join(),
      );
    },
    rest,
  ),
  scenario(
    'JSON is UTF-8',
    ['MEDIA-1'],
    async (world) => {
      const words = 'Grüße 你好 👋';
      const { text } = await ask(world, '/message:send', post(say('echo', { parts: [{ text: words }] })));
      assert.match(text, new RegExp(words));
      const bad = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
      const refused = await ask(world, '/message:send', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: bad,
      });
      assert.equal(refused.status, 400);
    },
    rest,
  ),
];
