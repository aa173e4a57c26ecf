/** Guarantee: what one side encodes the other decodes to the same model, and equal content gives equal text. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
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

/** The random model as ordinary objects: fast-check also makes some without a prototype. */
const plain = (model: unknown): unknown => JSON.parse(JSON.stringify(model));

/** Members whose content belongs to the sender and has no rules. */
const freeForm = new Set(['metadata', 'data', 'params', 'header']);
/** Members whose keys are names chosen by the sender. */
const maps = new Set(['securitySchemes', 'schemes', 'scopes']);

type Rewrite = (name: string) => string;

/** The same message with every member renamed and its order turned round. */
function rewritten(value: unknown, rename: Rewrite, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => rewritten(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  const ordered = isMap ? entries : entries.toReversed();
  return Object.fromEntries(
    ordered.map(([name, member]) => [
      isMap ? name : rename(name),
      freeForm.has(name) && !isMap ? member : rewritten(member, rename, maps.has(name) && !isMap),
    ]),
  );
}

const snake: Rewrite = (name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every place of a message that has a type, as a function that puts a value of no accepted type there. */
function breakages(value: unknown, isMap = false): (() => void)[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const free = freeForm.has(name) && !isMap && !Array.isArray(value);
    // A part's data may be anything at all.
    const here = free && name === 'data' ? [] : [() => void Reflect.set(value, name, [[]])];
    return [...here, ...(free ? [] : breakages(member, maps.has(name) && !isMap))];
  });
}

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
          const places = breakages(wire);
          places[choice % Math.max(1, places.length)]?.();
          if (places.length > 0) assert.throws(() => decode(wire, limits), DecodeError);
        }),
      );
    });

    it('throws nothing but DecodeError, whatever it is given', () => {
      fc.assert(
        fc.property(fc.anything({ withNullPrototype: true }), models, fc.nat(), (garbage, model, choice) => {
          const wire: unknown = JSON.parse(encode(model));
          const keys = Object.keys(wire as object);
          const damaged = { ...(wire as object), [keys[choice % Math.max(1, keys.length)] ?? 'id']: garbage };
          for (const value of [garbage, damaged]) {
            try {
              decode(value, limits);
            } catch (error) {
              assert.ok(error instanceof DecodeError, String(error));
              assert.ok(error.violations.length > 0 && error.violations.length <= 32);
            }
          }
        }),
      );
    });
  });
}
