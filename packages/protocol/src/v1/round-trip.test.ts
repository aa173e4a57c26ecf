/** Guarantee: what one side encodes the other decodes to the same model, and equal content gives equal text. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
import { assertDecodesOrRefuses, breakages, damaged, plain, rewritten, snake } from '../../test/wire-damage.ts';
import { DecodeError } from '../errors/index.ts';
import * as codec from './index.ts';
import type { DecodeLimits } from './index.ts';

const limits = codec.defaultDecodeLimits;

interface Subject<T> {
  readonly models: fc.Arbitrary<T>;
  readonly encode: (model: T) => string;
  readonly decode: (value: unknown, limits: DecodeLimits) => T;
}

const subject = <T>(
  models: fc.Arbitrary<T>,
  encode: (model: T) => string,
  decode: (value: unknown, limits: DecodeLimits) => T,
): Subject<unknown> => ({ models, encode: (model) => encode(model as T), decode });

const subjects: Readonly<Record<string, Subject<unknown>>> = {
  Message: subject(arbitraries.message, codec.encodeMessage, codec.decodeMessage),
  Task: subject(arbitraries.task, codec.encodeTask, codec.decodeTask),
  SendMessageResponse: subject(
    arbitraries.sendMessageResponse,
    codec.encodeSendMessageResponse,
    codec.decodeSendMessageResponse,
  ),
  StreamResponse: subject(arbitraries.streamResponse, codec.encodeStreamResponse, codec.decodeStreamResponse),
  ListTasksResponse: subject(
    arbitraries.listTasksResponse,
    codec.encodeListTasksResponse,
    codec.decodeListTasksResponse,
  ),
  SendMessageRequest: subject(arbitraries.sendMessageRequest, codec.encodeRequest, codec.decodeSendMessageRequest),
  GetTaskRequest: subject(arbitraries.getTaskRequest, codec.encodeRequest, codec.decodeGetTaskRequest),
  ListTasksRequest: subject(arbitraries.listTasksRequest, codec.encodeRequest, codec.decodeListTasksRequest),
  CancelTaskRequest: subject(arbitraries.cancelTaskRequest, codec.encodeRequest, codec.decodeCancelTaskRequest),
  SubscribeToTaskRequest: subject(
    arbitraries.subscribeToTaskRequest,
    codec.encodeRequest,
    codec.decodeSubscribeToTaskRequest,
  ),
  AgentCard: subject(arbitraries.agentCard, codec.encodeAgentCard, codec.decodeAgentCard),
};

/** A part's data may be anything. */
const untyped = new Set(['data']);

for (const [name, { models, encode, decode }] of Object.entries(subjects)) {
  describe(name, () => {
    it('decodes to what was encoded', () => {
      fc.assert(
        fc.property(models, (model) => assert.deepEqual(decode(JSON.parse(encode(model)), limits), plain(model))),
      );
    });

    it('decodes to the same text whatever the order of its members, in either spelling', () => {
      fc.assert(
        fc.property(models, (model) => {
          const wire: unknown = JSON.parse(encode(model));
          const expected = encode(decode(wire, limits));
          assert.equal(
            encode(
              decode(
                rewritten(wire, (member) => member),
                limits,
              ),
            ),
            expected,
          );
          assert.equal(encode(decode(rewritten(wire, snake), limits)), expected);
        }),
      );
    });

    it('ignores unknown members and never echoes them', () => {
      fc.assert(
        fc.property(models, (model) => {
          const wire: unknown = JSON.parse(encode(model));
          const strange = JSON.parse(`{"kind":"x","__proto__":{"polluted":1},"final":true,"x-y":[]}`) as object;
          assert.deepEqual(decode({ ...strange, ...(wire as object) }, limits), plain(model));
        }),
      );
    });

    it('reads null as absent', () => {
      fc.assert(
        fc.property(models, (model) => {
          const wire = JSON.parse(encode(model)) as object;
          const absent = ['contextId', 'metadata', 'artifacts', 'configuration', 'tenant', 'provider', 'pageToken']
            .filter((member) => !Object.hasOwn(wire, member))
            .map((member): [string, null] => [member, null]);
          assert.deepEqual(decode({ ...wire, ...Object.fromEntries(absent) }, limits), plain(model));
        }),
      );
    });

    it('refuses a wrong type anywhere', () => {
      fc.assert(
        fc.property(models, fc.nat(), (model, choice) => {
          const wire: unknown = JSON.parse(encode(model));
          const places = breakages(wire, untyped);
          places[choice % Math.max(1, places.length)]?.();
          if (places.length > 0) assert.throws(() => decode(wire, limits), DecodeError);
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
  });
}
