import { randomUUID } from 'node:crypto';
import { Role } from '@a2a-js/sdk';
import type { Message, SendMessageRequest, StreamResponse, Task, TaskState } from '@a2a-js/sdk';
import {
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from '@a2a-js/sdk/client';
import type { CallInterceptor, Client } from '@a2a-js/sdk/client';
import { GrpcTransportFactory } from '@a2a-js/sdk/client/grpc';

export type BindingName = 'JSONRPC' | 'HTTP+JSON' | 'GRPC';

/** The address and the credential of an official client. */
export interface Destination {
  /** Address of the agent, without a slash at its end. */
  readonly agentUrl: string;
  /** Asked for before every request; null sends none. */
  readonly token: string | null | (() => string | null);
  readonly binding: BindingName;
}

/** The official client as its documentation builds it, from nothing but the agent's address; every request carries the token. */
export function officialClient({ agentUrl, ...more }: Destination): Promise<Client> {
  return officialFactory(more).createFromUrl(`${agentUrl}/`);
}

/** What makes official clients, each of which sends the token with every request. */
export function officialFactory({ token, binding }: Pick<Destination, 'token' | 'binding'>): ClientFactory {
  const fetchImpl = fetchWith(token);
  const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
    transports: [
      new JsonRpcTransportFactory({ fetchImpl }),
      new RestTransportFactory({ fetchImpl }),
      new GrpcTransportFactory(),
    ],
    cardResolver: new DefaultAgentCardResolver({ fetchImpl }),
    preferredTransports: [binding],
    ...(binding === 'GRPC' ? { clientConfig: { interceptors: [bearerMetadata(token)] } } : {}),
  });
  return new ClientFactory(options);
}

/**
 * The transport that the official client picks for itself when it may speak 0.3 and is shown the address of the 0.3 card. The
 * client around it would ask the version of 1.0.
 */
export async function officialClientOf03({ agentUrl, token, binding }: Destination): Promise<Client['transport']> {
  const options = { fetchImpl: fetchWith(token), legacyCompat: { enabled: true } };
  const factory = new ClientFactory(
    ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
      transports: [new JsonRpcTransportFactory(options), new RestTransportFactory(options)],
      cardResolver: new DefaultAgentCardResolver(options),
      preferredTransports: [binding],
    }),
  );
  return (await factory.createFromUrl(`${agentUrl}/v0.3/`)).transport;
}

function fetchWith(token: Destination['token']): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    const bearer = typeof token === 'function' ? token() : token;
    if (bearer !== null) headers.set('authorization', `Bearer ${bearer}`);
    return fetch(input, { ...init, headers });
  };
}

/** gRPC carries a token in the metadata of each call; over HTTP the client's `fetch` does it. */
function bearerMetadata(token: Destination['token']): CallInterceptor {
  return {
    before: (args) => {
      const bearer = typeof token === 'function' ? token() : token;
      const authorization = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
      args.options = { ...args.options, serviceParameters: { ...args.options?.serviceParameters, ...authorization } };
      return Promise.resolve();
    },
    after: () => Promise.resolve(),
  };
}

/** An id of ours that no task has. */
export const noTask = `tsk_${'0'.repeat(32)}`;
export const byId = (id: string) => ({ tenant: '', id });
export const cancel = (id: string) => ({ tenant: '', id, metadata: undefined });

/** A user's message in the official SDK's words. */
export function say(words: string, over: Partial<Message> = {}): SendMessageRequest {
  const message: Message = {
    messageId: randomUUID(),
    contextId: '',
    taskId: '',
    role: Role.ROLE_USER,
    parts: [{ content: { $case: 'text', value: words }, metadata: undefined, filename: '', mediaType: '' }],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
    ...over,
  };
  return { tenant: '', message, configuration: undefined, metadata: undefined };
}

/** The same message, answered when its task has ended or asks: what `Client` of the SDK says unless told otherwise, and a transport alone does not. */
export function sayAndWait(words: string, over: Partial<Message> = {}): SendMessageRequest {
  return {
    ...say(words, over),
    configuration: { acceptedOutputModes: [], taskPushNotificationConfig: undefined, returnImmediately: false },
  };
}

/** The same message, answered as soon as its task is on record. */
export function sayAndLeave(words: string): SendMessageRequest {
  return {
    ...say(words),
    configuration: { acceptedOutputModes: [], taskPushNotificationConfig: undefined, returnImmediately: true },
  };
}

export function asTask(answer: Message | Task): Task {
  if ('status' in answer) return answer;
  throw new Error(`A message was answered instead of a task: ${JSON.stringify(answer)}`);
}

export function textOf(parts: readonly Message['parts'][number][] | undefined): string {
  return (parts ?? []).map(({ content }) => (content?.$case === 'text' ? content.value : '')).join('');
}

/** Reads a stream to its end. */
export async function collect(stream: AsyncIterable<StreamResponse>): Promise<StreamResponse[]> {
  const events: StreamResponse[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** The next event of a stream; fails at its end. */
export async function nextOf(stream: AsyncGenerator<StreamResponse, void, undefined>): Promise<StreamResponse> {
  const { value } = await stream.next();
  if (value === undefined) throw new Error('The stream has ended.');
  return value;
}

/** What a call failed with. */
export async function errorOf(call: () => Promise<unknown> | AsyncIterable<StreamResponse>): Promise<Error> {
  try {
    const answer = call();
    const outcome = await (Symbol.asyncIterator in answer ? collect(answer) : answer);
    throw new TypeError(`It succeeded: ${JSON.stringify(outcome)}`);
  } catch (error) {
    if (error instanceof TypeError || !(error instanceof Error)) throw error;
    return error;
  }
}

/** The state that an event tells of. */
export function stateOf(event: StreamResponse | undefined): TaskState | undefined {
  const payload = event?.payload;
  if (payload?.$case === 'task' || payload?.$case === 'statusUpdate') return payload.value.status?.state;
  return undefined;
}
