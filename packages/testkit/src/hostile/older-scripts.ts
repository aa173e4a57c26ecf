import type { OnRequest } from '../raw-agent.ts';
import { chunk, chunkedHead, http, lastChunk, result, sse } from '../raw-agent.ts';
import { agentSecret, answers, answersError, eventStream, nothing, script, streams, streamsForEver } from './acts.ts';
import type { HostileScript } from './script.ts';
import { heavy, scriptsOver, short } from './script.ts';

const sends03 = (act: OnRequest): OnRequest => script({ 'message/send': act, 'message/stream': act });
const ids03 = { taskId: 'up-1', contextId: 'c' };
const task03 = (state: string, more: object = {}): object => ({
  kind: 'task',
  id: 'up-1',
  contextId: 'c',
  status: { state },
  ...more,
});
const status03 = (state: string, final: boolean, over: object = {}): object => ({
  ...ids03,
  kind: 'status-update',
  status: { state },
  final,
  ...over,
});
const piece03 = (part: object, over: object = {}): object => ({
  ...ids03,
  kind: 'artifact-update',
  artifact: { artifactId: 'a', parts: [part] },
  append: true,
  ...over,
});
const text03 = (text: string): object => ({ kind: 'text', text });

const plain03 = scriptsOver('0.3 JSONRPC');
const stream03 = scriptsOver('0.3 JSONRPC', true);
const rest03 = scriptsOver('0.3 HTTP+JSON');

const scripts03: readonly HostileScript[] = [
  plain03(
    'answers a thing of no kind',
    'upstream.invalid-answer',
    sends03(answers({ ...task03('completed'), kind: 'poem' })),
  ),
  plain03(
    'answers in the words of 1.0',
    'upstream.invalid-answer',
    sends03(answers({ task: { id: 'up-1', contextId: 'c', status: { state: 'TASK_STATE_COMPLETED' } } })),
  ),
  plain03(
    'answers a part of no kind',
    'upstream.invalid-answer',
    sends03(
      answers(task03('completed', { artifacts: [{ artifactId: 'a', parts: [{ kind: 'smell', smell: 'rose' }] }] })),
    ),
  ),
  plain03(
    'puts out bytes that are no base64',
    'upstream.invalid-answer',
    sends03(
      answers(
        task03('completed', { artifacts: [{ artifactId: 'a', parts: [{ kind: 'file', file: { bytes: '!!' } }] }] }),
      ),
    ),
  ),
  plain03(
    'never ends',
    'upstream.timeout',
    script({
      'message/send': answers(task03('working')),
      'tasks/get': answers(task03('working')),
      'tasks/cancel': nothing,
    }),
    short,
  ),
  stream03(
    'tells of another task',
    'upstream.invalid-answer',
    sends03(streams([task03('working'), status03('completed', true, { taskId: 'up-2' })])),
  ),
  stream03(
    'streams without end',
    'upstream.too-large',
    sends03(streamsForEver(task03('working'), piece03(text03('x'.repeat(65_536))), null)),
    heavy,
  ),
  stream03(
    'says more after its final word',
    'completed',
    sends03(
      streams(
        [task03('working'), status03('completed', true), piece03(text03('late')), status03('failed', true)],
        'stay',
      ),
    ),
  ),
  stream03(
    'says its final word too early',
    'upstream.refused',
    sends03(streams([task03('working'), status03('working', true)])),
  ),
  rest03('answers in JSON-RPC', 'upstream.invalid-answer', (socket) =>
    socket.write(http(result('1', task03('completed')))),
  ),
  rest03('answers with a list', 'upstream.invalid-answer', (socket) => socket.write(http('[]'))),
];

const sends01 = (act: OnRequest): OnRequest => script({ 'tasks/send': act, 'tasks/sendSubscribe': act });
/** On this wire a task has the id that we gave it. */
const told01 =
  (make: (id: string) => object): OnRequest =>
  (socket, request) =>
    answers(make(String(request.rpc.params['id'])))(socket, request);
const streamed01 =
  (make: (id: string) => readonly object[]): OnRequest =>
  (socket, request) =>
    streams(make(String(request.rpc.params['id'])))(socket, request);
const piece01 = (id: string, index: number): object => ({
  id,
  artifact: { index, parts: [{ type: 'text', text: 'x' }] },
});

const plain01 = scriptsOver('0.1 JSONRPC');
const stream01 = scriptsOver('0.1 JSONRPC', true);

const scripts01: readonly HostileScript[] = [
  plain01('names its task itself', 'completed', sends01(answers({ id: 'mine', status: { state: 'completed' } }))),
  plain01('answers a task without a state', 'upstream.invalid-answer', sends01(told01((id) => ({ id })))),
  plain01(
    'counts its artifacts from below zero',
    'upstream.invalid-answer',
    sends01(
      told01((id) => ({
        id,
        status: { state: 'completed' },
        artifacts: [{ index: -1, parts: [{ type: 'text', text: 'x' }] }],
      })),
    ),
  ),
  plain01('answers with an error', 'upstream.refused', answersError),
  stream01(
    'tells of another task',
    'upstream.invalid-answer',
    sends01(
      streamed01((id) => [
        { id, status: { state: 'working' }, final: false },
        { id: 'mine', status: { state: 'completed' }, final: true },
      ]),
    ),
  ),
  stream01(
    'counts its artifacts beyond all numbers',
    'upstream.invalid-answer',
    sends01(streamed01((id) => [piece01(id, 1e300)])),
  ),
  stream01(
    'says more after its final word',
    'completed',
    sends01(
      streamed01((id) => [
        piece01(id, 0),
        { id, status: { state: 'completed' }, final: true },
        piece01(id, 1),
        { id, status: { state: 'failed' }, final: true },
      ]),
    ),
  ),
];

const rest = scriptsOver('1.0 HTTP+JSON');
const restStream = scriptsOver('1.0 HTTP+JSON', true);
const traversal = '../../oauth/token?x=1#';
const taskRest = (state: string, id = 'up-1'): object => ({ id, contextId: 'c', status: { state } });
const saysJson =
  (value: unknown, status?: string): OnRequest =>
  (socket) =>
    socket.write(http(JSON.stringify(value), 'application/json', status));

/** Names its task by a path that leads elsewhere, and answers at the place alone that such a name has below its own address. */
const namesTaskByPath: OnRequest = (socket, request) => {
  const path = request.head.split(' ')[1] ?? '';
  if (path.endsWith('/message:send'))
    return saysJson({ task: taskRest('TASK_STATE_WORKING', traversal) })(socket, request);
  const isItsOwn = path === `/a2a/tasks/${encodeURIComponent(traversal)}`;
  saysJson(taskRest(isItsOwn ? 'TASK_STATE_COMPLETED' : 'TASK_STATE_FAILED', traversal))(socket, request);
};

/** Server-sent events of HTTP+JSON have no envelope. */
const streamsRest =
  (values: readonly object[]): OnRequest =>
  (socket) =>
    socket.write(
      chunkedHead(eventStream) +
        values.map((value) => chunk(`data: ${JSON.stringify(value)}\n\n`)).join('') +
        lastChunk,
    );

const restScripts: readonly HostileScript[] = [
  rest(
    'answers an error as a success',
    'upstream.invalid-answer',
    saysJson({ error: { code: 404, message: agentSecret } }),
  ),
  rest('answers that it has accepted', 'upstream.invalid-answer', saysJson({}, '202 Accepted')),
  rest('fails behind its proxy', 'upstream.refused', (socket) =>
    socket.write(http(`<html>${agentSecret}`, 'text/html', '502 Bad Gateway')),
  ),
  rest('names its task by a path', 'completed', namesTaskByPath),
  restStream('streams a list', 'upstream.invalid-answer', saysJson([{ task: taskRest('TASK_STATE_COMPLETED') }])),
  restStream('streams in JSON-RPC', 'upstream.invalid-answer', (socket) =>
    socket.write(chunkedHead(eventStream) + chunk(sse('1', { task: taskRest('TASK_STATE_COMPLETED') })) + lastChunk),
  ),
  restStream(
    'says more after the end',
    'completed',
    streamsRest([{ task: taskRest('TASK_STATE_COMPLETED') }, { task: taskRest('TASK_STATE_FAILED') }]),
  ),
];

/** Agents of the older versions, and of HTTP+JSON. */
export const olderScripts: readonly HostileScript[] = [...restScripts, ...scripts03, ...scripts01];
