import type { OperationRequest, StreamResponse } from '@colloquy/protocol';
import { StreamEncoder } from '@colloquy/protocol/v0_1';
import type { Caller } from '../../kernel/caller.ts';
import type { AgentAddress, StreamedEvent, TaskStream } from '../../modules/gateway/index.ts';
import { costUri, streamCursorUri } from '../../modules/registry/index.ts';
import type { HeaderOptions } from './a2a-request.ts';
import { runOperation, spokenBy } from './run-operation.ts';
import type { AskedCall, OperationPorts, Outcome } from './run-operation.ts';
import type { RestForm, RpcForm } from './wire-form.ts';
import { nameOf } from './wire-v0-1.ts';

/** The log's text was written from the model by this platform, and 1.0's JSON has the model's shape. */
const parseLogged: (logged: string) => StreamResponse = JSON.parse;

/** The caller, the address of the call and its wire form. */
interface FormedCall {
  readonly caller: Caller;
  readonly address: AgentAddress;
  readonly wire: RpcForm | RestForm;
}

/** Carries out one decoded operation, with all that its form wants: names of tasks, ids for messages, results in its words. */
export function runForm(
  ports: OperationPorts,
  { caller, address, wire }: FormedCall,
  call: OperationRequest,
  header: HeaderOptions,
): Promise<Outcome> {
  // 1.0 wants nothing more than its results.
  if (wire.version === '1.0') return runOperation(ports, { caller, address, results: wire.results }, call, header);
  const results = wire.resultsOf?.(call) ?? wire.results;
  const asked = { caller, address, ...spokenBy(wire), results };
  const identified = withMessageId(call, caller.requestId);
  return wire.namesTasks === true
    ? runNamed(ports, { ...asked, name: nameOf(call) }, identified, header)
    : runOperation(ports, asked, identified, header);
}

/** A message without an id gets that of its request. */
function withMessageId(call: OperationRequest, requestId: string): OperationRequest {
  if (call.operation !== 'SendMessage' && call.operation !== 'SendStreamingMessage') return call;
  const { message } = call.request;
  if (message.messageId !== '') return call;
  return { ...call, request: { ...call.request, message: { ...message, messageId: requestId } } };
}

/**
 * Carries out a call whose caller names tasks by ids of its own: a send may begin the task of that name, and every other operation
 * is on the task that the name stands for.
 */
async function runNamed(
  ports: OperationPorts,
  asked: AskedCall & { readonly name: string },
  call: OperationRequest,
  header: HeaderOptions,
): Promise<Outcome> {
  const { caller, address, name } = asked;
  // Its events have numbers of another stream, and places that are counted from the beginning: every stream begins there.
  const { lastEventId: _unknown, ...options } = header;
  if ('message' in call.request)
    return told(await runOperation(ports, { ...asked, namesTask: true }, call, withoutOurs(options)), name);
  const taskId = await ports.gateway.resolveTaskName(caller, address, name);
  return told(await runOperation(ports, asked, underId(call, taskId), {}), name);
}

/** This wire has no extensions, and one event of ours may be several of it: none of them has a cursor or a cost. */
function withoutOurs(header: HeaderOptions): HeaderOptions {
  const { extensions } = header;
  return extensions === undefined
    ? header
    : { ...header, extensions: extensions.filter((uri) => uri !== streamCursorUri && uri !== costUri) };
}

/** The call on the task itself. Its push notification config keeps the name, as the only one of the task. */
function underId(call: OperationRequest, taskId: string): OperationRequest {
  switch (call.operation) {
    case 'GetTask':
      return { ...call, request: { ...call.request, id: taskId } };
    case 'CancelTask':
      return { ...call, request: { ...call.request, id: taskId } };
    case 'SubscribeToTask':
      return { ...call, request: { ...call.request, id: taskId } };
    case 'CreateTaskPushNotificationConfig':
      return { ...call, request: { ...call.request, taskId } };
    case 'GetTaskPushNotificationConfig':
      return { ...call, request: { ...call.request, taskId } };
    default:
      return call;
  }
}

function told(outcome: Outcome, name: string): Outcome {
  if (outcome.kind === 'answer') return outcome;
  return { ...outcome, stream: toldUnder(name, outcome.stream), event: (json) => json };
}

/**
 * The events of a stream in the words of this wire, where one of ours may be several. No generator: it could not be left while it waits
 * for an event that may never come.
 */
export function toldUnder(name: string, stream: TaskStream): TaskStream {
  const view = (): AsyncIterator<readonly StreamedEvent[], unknown> => {
    const encoder = new StreamEncoder(name);
    const events = stream[Symbol.asyncIterator]();
    return {
      next: async () => {
        const result = await events.next();
        if (result.done === true) return result;
        const told = result.value.flatMap(({ seq, json }) =>
          encoder.encode(parseLogged(json)).map((text) => ({ seq, json: text })),
        );
        return { done: false, value: told };
      },
      return: async () => (await events.return?.()) ?? { done: true, value: undefined },
    };
  };
  return { [Symbol.asyncIterator]: view };
}
