/**
 * Guarantee: what one side of A2A 0.3 encodes the other decodes to the same model, less what 0.3 has no words for, which is written
 * down here; and no bytes make a decoder do anything but refuse.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
import { said, saidCard, saidRequest } from '../../test/said-in-0-3.ts';
import { assertDecodesOrRefuses, breakages, damaged, plain } from '../../test/wire-damage.ts';
import { defaultDecodeLimits } from '../codec/index.ts';
import type { DecodeLimits } from '../codec/index.ts';
import { DecodeError } from '../errors/index.ts';
import type { OperationRequest, TaskOperationRequest } from '../model/index.ts';
import * as codec from './index.ts';
import type { Dialect, RestRequest, RpcRequest } from './index.ts';

const limits = defaultDecodeLimits;

interface Subject {
  readonly models: fc.Arbitrary<unknown>;
  readonly encode: (model: unknown) => string;
  readonly decode: (value: unknown, limits: DecodeLimits) => unknown;
  /** What of a model this wire can say. */
  readonly expected: (model: unknown) => unknown;
}

const subject = <T>(
  models: fc.Arbitrary<T>,
  encode: (model: T) => string,
  decode: Subject['decode'],
  expected: (model: T) => unknown,
): Subject => ({
  models,
  encode: (model) => encode(model as T),
  decode,
  expected: (model) => expected(model as T),
});

const answers = (dialect: Dialect): Readonly<Record<string, Subject>> => ({
  Task: subject(
    arbitraries.task,
    (task) => codec.encodeTask(task, dialect),
    (value, bounds) => codec.decodeTask(value, bounds, dialect),
    (task) => said(task, dialect),
  ),
  SendMessageResponse: subject(
    arbitraries.sendMessageResponse,
    (response) => codec.encodeSendMessageResponse(response, dialect),
    (value, bounds) => codec.decodeSendMessageResponse(value, bounds, dialect),
    (response) => said(response, dialect),
  ),
  StreamResponse: subject(
    arbitraries.streamResponse,
    (response) => codec.encodeStreamResponse(response, dialect),
    (value, bounds) => codec.decodeStreamResponse(value, bounds, dialect),
    (response) => said(response, dialect),
  ),
});

/** A card with device codes can be shown to callers of 0.3, but not read back: no flow is left. */
const card = subject(
  arbitraries.agentCard.filter((model) => !JSON.stringify(model.securitySchemes ?? {}).includes('"deviceCode":{"')),
  (model) => codec.encodeAgentCard({ ...model, supportedInterfaces: saidCard(model).supportedInterfaces }),
  codec.decodeAgentCard,
  saidCard,
);

const requests: fc.Arbitrary<RestRequest & RpcRequest> = fc.oneof(
  arbitraries.sendMessageRequest.map((request) => ({ operation: 'SendMessage', request }) as const),
  arbitraries.sendMessageRequest.map((request) => ({ operation: 'SendStreamingMessage', request }) as const),
  arbitraries.getTaskRequest.map((request) => ({ operation: 'GetTask', request }) as const),
  arbitraries.cancelTaskRequest.map((request) => ({ operation: 'CancelTask', request }) as const),
  arbitraries.subscribeToTaskRequest.map((request) => ({ operation: 'SubscribeToTask', request }) as const),
);

const overRpc = (call: RpcRequest): OperationRequest => {
  const { method, params } = JSON.parse(codec.encodeCall('q', call)) as { method: string; params: unknown };
  const operation = codec.operationOfMethod(method);
  assert.equal(operation, call.operation);
  return codec.decodeOperation(call.operation, params, limits);
};

const overRest = (call: RestRequest): OperationRequest => {
  const { verb, path, body } = codec.encodeRestCall(call);
  const url = new URL(`http://agent${path}`);
  const match = codec.matchRest(verb, path.split('?')[0] ?? '');
  assert.ok(match.kind === 'match' && match.operation === call.operation, path);
  const parsed: unknown = body === null ? undefined : JSON.parse(body);
  return codec.decodeRestRequest(
    match.operation,
    { params: match.params, query: url.searchParams, body: parsed },
    limits,
  );
};

for (const dialect of ['json', 'proto'] as const) {
  describe(`requests in ${dialect}`, () => {
    it('decode to what was encoded', () => {
      fc.assert(
        fc.property(requests, (call) => {
          const decoded = dialect === 'json' ? overRpc(call) : overRest(call);
          assert.deepEqual(decoded, saidRequest(plain(call) as TaskOperationRequest, dialect));
        }),
      );
    });
  });
  for (const [name, each] of Object.entries(answers(dialect))) describe(`${name} in ${dialect}`, () => test(each));
}
describe('AgentCard', () => test(card));

/** What of the wire is not read: `final` says again what the state says. */
const untyped = new Set(['final']);

function test({ models, encode, decode, expected }: Subject): void {
  it('decodes to what was encoded', () => {
    fc.assert(
      fc.property(models, (model) =>
        assert.deepEqual(decode(JSON.parse(encode(model)), limits), plain(expected(plain(model)))),
      ),
    );
  });

  it('loses nothing the second time', () => {
    fc.assert(
      fc.property(models, (model) => {
        const once = decode(JSON.parse(encode(model)), limits);
        assert.deepEqual(decode(JSON.parse(encode(once)), limits), once);
      }),
    );
  });

  it('ignores unknown members and never echoes them', () => {
    fc.assert(
      fc.property(models, (model) => {
        const wire = JSON.parse(encode(model)) as object;
        const strange = JSON.parse(`{"__proto__":{"polluted":1},"x-y":[],"stateTransitionHistory":true}`) as object;
        assert.deepEqual(decode({ ...strange, ...wire }, limits), plain(expected(plain(model))));
      }),
    );
  });

  it('refuses a wrong type anywhere', () => {
    fc.assert(
      fc.property(models, fc.nat(), (model, choice) => {
        const wire: unknown = JSON.parse(encode(model));
        const places = breakages(wire, untyped);
        places[choice % Math.max(1, places.length)]?.();
        assert.throws(() => decode(wire, limits), DecodeError);
      }),
    );
  });

  it('throws nothing but DecodeError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), models, fc.nat(), (garbage, model, choice) => {
        const values = [garbage, damaged(JSON.parse(encode(model)), garbage, choice)];
        for (const value of values) assertDecodesOrRefuses((wire) => decode(wire, limits), value);
      }),
    );
  });
}
