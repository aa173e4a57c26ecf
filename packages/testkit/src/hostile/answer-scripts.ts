import type { OnRequest } from '../raw-agent.ts';
import { http, result } from '../raw-agent.ts';
import {
  answers,
  answersError,
  answersText,
  answersWith,
  completed,
  nothing,
  rpcError,
  says,
  script,
  sends,
  taskTold,
  working,
} from './acts.ts';
import type { HostileScript } from './script.ts';
import { heavy, scriptsOver, short } from './script.ts';

const told = scriptsOver('1.0 JSONRPC');

const head = '"id":"up-1","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"}';
/** Answers a send with a completed task that has these members too, as text; a large one is made when it is asked for. */
const completes = (members: string | (() => string)): OnRequest =>
  sends(answersText(() => `{"task":{${head},${typeof members === 'string' ? members : members()}}}`));
const many = (item: string, count: number): string => `[${`${item},`.repeat(count - 1)}${item}]`;

/** Agents whose HTTP is well and whose answer is not. */
export const answerScripts: readonly HostileScript[] = [
  told('answers with an error', 'upstream.refused', answersError),
  told('answers no JSON-RPC', 'upstream.invalid-answer', says(http('{"task":{}}'))),
  told(
    'answers another request',
    'upstream.invalid-answer',
    says(http(result('tsk_ffffffffffffffffffffffffffffffff', completed))),
  ),
  told('answers with a number for an id', 'upstream.invalid-answer', answersWith({ id: 1, result: completed })),
  told(
    'answers with an error and a result',
    'upstream.invalid-answer',
    answersWith({ result: completed, ...rpcError }),
  ),
  told('answers with neither', 'upstream.invalid-answer', answersWith({})),
  told('answers with a list of answers', 'upstream.invalid-answer', (socket, { rpc }) => {
    socket.write(http(`[${result(rpc.id, completed)}]`));
  }),
  told('answers twice in one body', 'upstream.invalid-answer', (socket, { rpc }) => {
    socket.write(http(result(rpc.id, completed) + result(rpc.id, completed)));
  }),
  told(
    'answers a task and a message',
    'upstream.invalid-answer',
    sends(answers({ ...completed, message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: '' }] } })),
  ),
  told(
    'answers a task without a state',
    'upstream.invalid-answer',
    sends(answers({ task: { id: 'up-1', contextId: 'c' } })),
  ),
  told(
    'answers a state that there is not',
    'upstream.invalid-answer',
    sends(answers(taskTold('up-1', 'TASK_STATE_ENLIGHTENED'))),
  ),
  told(
    'names its task with a thousand letters',
    'upstream.invalid-answer',
    sends(answers(taskTold('x'.repeat(1000), 'TASK_STATE_COMPLETED'))),
  ),
  told('repeats a key', 'upstream.invalid-answer', completes('"id":"up-2"')),
  told('hides a NUL', 'upstream.invalid-answer', completes(String.raw`"metadata":{"a":"\u0000"}`)),
  told('hides half a character', 'upstream.invalid-answer', completes(String.raw`"metadata":{"a":"\ud800"}`)),
  told('answers in bytes that are no UTF-8', 'upstream.invalid-answer', (socket, { rpc }) => {
    const body = Buffer.from(result(rpc.id, completed).replace('agent-context', 'agent\xffcontext'), 'latin1');
    socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`), body]));
  }),
  told(
    'nests without end',
    'upstream.invalid-answer',
    completes(() => `"metadata":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
  ),
  told(
    'nests a little too deep',
    'upstream.invalid-answer',
    completes(`"metadata":{"a":${'['.repeat(40)}${']'.repeat(40)}}`),
  ),
  told('counts beyond all numbers', 'upstream.invalid-answer', completes('"metadata":{"a":1e999}')),
  told(
    'writes a number of a million digits',
    'upstream.invalid-answer',
    completes(() => `"metadata":{"a":${'9'.repeat(1_000_000)}}`),
  ),
  told(
    'reaches for the prototype',
    'completed',
    completes('"metadata":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  ),
  told(
    'puts out a hundred thousand artifacts',
    'upstream.invalid-answer',
    completes(() => `"artifacts":${many('{"artifactId":"a","parts":[{"text":""}]}', 100_000)}`),
  ),
  told(
    'puts a hundred thousand parts into an artifact',
    'upstream.invalid-answer',
    completes(() => `"artifacts":[{"artifactId":"a","parts":${many('{"text":""}', 100_000)}}]`),
  ),
  told(
    'answers five million empty objects',
    'upstream.invalid-answer',
    completes(() => `"metadata":{"a":${many('{}', 5_000_000)}}`),
    heavy,
  ),
  told(
    'answers a million keys',
    'upstream.invalid-answer',
    completes(() => `"metadata":{${Array.from({ length: 1_000_000 }, (_, at) => `"${at.toString(36)}":0`).join(',')}}`),
    heavy,
  ),
  told(
    'puts out one text of ten megabytes',
    'upstream.invalid-answer',
    completes(() => `"artifacts":[{"artifactId":"a","parts":[{"text":"${'x'.repeat(10_000_000)}"}]}]`),
    heavy,
  ),
  told(
    'works for ever',
    'upstream.timeout',
    script({ SendMessage: answers(working), GetTask: answers(working.task), CancelTask: nothing }),
    short,
  ),
  told(
    'gives another task when it is asked for one',
    'upstream.invalid-answer',
    script({ SendMessage: answers(working), GetTask: answers(taskTold('up-2', 'TASK_STATE_COMPLETED').task) }),
  ),
  told('forgets its task', 'upstream.refused', script({ SendMessage: answers(working) })),
  told(
    'goes back from work to the beginning, and then ends',
    'completed',
    oneAfterAnother(['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING', 'TASK_STATE_SUBMITTED', 'TASK_STATE_COMPLETED']),
    heavy,
  ),
];

/** Answers a send with work, and each question for the task with the next of these states. */
function oneAfterAnother(states: readonly string[]): OnRequest {
  const asked = new Map<string, number>();
  return script({
    SendMessage: (socket, request) => answers(taskTold(request.rpc.id, 'TASK_STATE_WORKING'))(socket, request),
    GetTask: (socket, request) => {
      const id = String(request.rpc.params['id']);
      const turn = asked.get(id) ?? 0;
      asked.set(id, turn + 1);
      const state = states[turn] ?? 'TASK_STATE_COMPLETED';
      if (state === 'TASK_STATE_COMPLETED') asked.delete(id);
      answers(taskTold(id, state).task)(socket, request);
    },
  });
}
