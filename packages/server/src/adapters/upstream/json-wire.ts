import type { StreamResponse } from '@colloquy/protocol';
import type { ClientOutcome, ReadOptions, UnaryResults } from '@colloquy/protocol/codec';
import { SseError, SseParser } from '@colloquy/protocol/sse';
import { eventStreamType } from '@colloquy/protocol/v1';
import { PlatformError } from '../../kernel/errors.ts';
import type { AnswerFrames } from './answer-frames.ts';
import { GatheredBytes } from './gathered-bytes.ts';
import type { AgentUnary, HttpWire } from './http-wire.ts';
import { invalidAnswer } from './upstream-faults.ts';

/** A wire whose requests and answers are JSON texts, and whose streams are server-sent events. */
export interface JsonWire extends Pick<HttpWire, 'headers' | 'extensionsHeader' | 'encode' | 'decodeRefusal'> {
  decodeAnswer<K extends AgentUnary>(operation: K, body: Uint8Array, read: ReadOptions): ClientOutcome<UnaryResults[K]>;
  /** Reads the data of one event of a stream. */
  decodeEvent(data: string, read: ReadOptions): ClientOutcome<StreamResponse>;
}

/** The wire over HTTP. An agent that answers a stream with one plain JSON document is understood too. */
export function jsonWire(json: JsonWire): HttpWire {
  return {
    bodyType: 'application/json',
    headers: ['accept', `application/json, ${eventStreamType}`, 'accept-encoding', 'identity', ...json.headers],
    extensionsHeader: json.extensionsHeader,
    encode: json.encode,
    decodeAnswer: (operation, { body }, read) => json.decodeAnswer(operation, body, read),
    framesOf(headers, read, eventBytesMax) {
      const type = String(headers['content-type'] ?? '');
      const isStream = type.toLowerCase().startsWith(eventStreamType);
      return isStream ? eventFrames(json, read, eventBytesMax) : documentFrames(json, read);
    },
    decodeRefusal: json.decodeRefusal,
  };
}

function eventFrames(json: JsonWire, read: ReadOptions, eventBytesMax: number): AnswerFrames {
  const parser = new SseParser({ eventBytesMax });
  return {
    *push(chunk) {
      for (const { data } of parse(parser, chunk)) yield json.decodeEvent(data, read);
      // The parser gives out what came before a fault and would tell of it at the next bytes only, which may never come.
      if (parser.error !== undefined) throw faultOf(parser.error);
    },
    end: () => [],
  };
}

function parse(parser: SseParser, chunk: Buffer): ReturnType<SseParser['push']> {
  try {
    return parser.push(chunk);
  } catch (error) {
    throw error instanceof SseError ? faultOf(error) : error;
  }
}

function faultOf(error: SseError): PlatformError {
  if (error.fault === 'event-too-large') return new PlatformError('upstream.too-large', { cause: error });
  return invalidAnswer(error.message);
}

/** What SendMessage would answer; some agents answer a subscription with the bare task. */
function documentFrames(json: JsonWire, read: ReadOptions): AnswerFrames {
  const gathered = new GatheredBytes();
  return {
    push(chunk) {
      gathered.append(chunk);
      return [];
    },
    end() {
      const body = gathered.view();
      const answer = json.decodeAnswer('SendMessage', body, read);
      if (answer.kind !== 'invalid') return [answer];
      const task = json.decodeAnswer('GetTask', body, read);
      return [task.kind === 'value' ? { kind: 'value', value: { task: task.value } } : answer];
    },
  };
}
