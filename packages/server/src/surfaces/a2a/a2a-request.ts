import { readJson } from '@colloquy/protocol/json';
import { DecodeError } from '@colloquy/protocol/errors';
import type { OperationRequest } from '@colloquy/protocol';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import type { DecodeLimits } from '@colloquy/protocol/codec';
import { isJsonContentType, parseExtensions } from '@colloquy/protocol/v1';
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { routerName } from '../../kernel/router-name.ts';
import type { AgentAddress, PresentedDelegation } from '../../modules/gateway/index.ts';
import { ProtocolRefusal } from './protocol-refusal.ts';

/** How a caller's request is decoded. A body is bounded as a whole; one part may fill it. */
export const requestDecodeLimits: DecodeLimits = {
  ...defaultDecodeLimits,
  partsMax: limits.partsPerMessageMax,
  textBytesMax: limits.bodyBytesMax,
  rawBytesMax: limits.bodyBytesMax,
  idCharsMax: limits.callerIdCharsMax,
};

/** Where a request goes, as it is written in its target. */
export interface A2aTarget {
  readonly address: AgentAddress;
  /** The path below the agent's address, still percent-encoded; empty or beginning with a slash. */
  readonly path: string;
  readonly query: string;
}

/** The address of an agent may end in a slash before a path that begins with one. */
const targetShape = /^\/t\/([^/?]*)\/(?:agents\/([^/?]*)|router)(?:\/(?=\/))?([^?]*)\??(.*)$/s;

/** Takes a request target apart. Nothing is decoded, so an agent's name has one spelling. */
export function targetOf(request: FastifyRequest): A2aTarget {
  const target = targetShape.exec(request.raw.url ?? '');
  if (target === null) return { address: { tenantSlug: '', agentName: '' }, path: '', query: '' };
  const [, tenantSlug = '', named = routerName, path = '', query = ''] = target;
  // The router has an address of its own: no client names it as an agent.
  const agentName = target[2] === routerName ? '' : named;
  return { address: { tenantSlug, agentName }, path, query };
}

/** The JSON value of a body; undefined when there is none. Throws for another media type and for what is not strict JSON. */
export function readBody(request: FastifyRequest): unknown {
  const { body } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  const { 'content-type': type, 'content-encoding': coding } = request.headers;
  if ((type !== 'application/json' && !isJsonContentType(type)) || (coding !== undefined && coding !== 'identity')) {
    throw new PlatformError('request.unsupported-media-type');
  }
  const reading = readJson(body, { depthMax: limits.jsonDepthMax });
  if (reading.kind === 'value') return reading.value;
  const isSyntax = reading.reason === 'syntax' || reading.reason === 'encoding' || reading.reason === 'byte-order-mark';
  throw new ProtocolRefusal(isSyntax ? 'ParseError' : 'InvalidRequestError', { message: reading.message });
}

/** What a send or a stream takes from the header. */
export interface HeaderOptions {
  readonly idempotencyKey?: string;
  readonly lastEventId?: number;
  /** URIs of `A2A-Extensions`, or of the header that 0.3 has for it. */
  readonly extensions?: readonly string[];
  readonly delegation?: PresentedDelegation;
  readonly budgetMicrocredits?: bigint;
}

const keyShape = new RegExp(`^[\\x21-\\x7e]{1,${limits.callerIdCharsMax}}$`);
const eventIdShape = /^\d{1,15}$/;

/**
 * Reads `Idempotency-Key`, `Last-Event-ID`, `A2A-Extensions` and the headers of the delegation chain. Throws when one of them is malformed,
 * except `A2A-Extensions`.
 */
export function headerOptions({ headers }: { readonly headers: IncomingHttpHeaders }): HeaderOptions {
  const { 'idempotency-key': key, 'last-event-id': eventId } = headers;
  const named = headers['a2a-extensions'] ?? headers['x-a2a-extensions'];
  const isDelegated = headers['colloquy-delegation'] !== undefined || headers['colloquy-budget'] !== undefined;
  if (key === undefined && eventId === undefined && named === undefined && !isDelegated) return none;
  if (key !== undefined && (typeof key !== 'string' || !keyShape.test(key))) {
    throw invalidField('Idempotency-Key', `must be 1 to ${limits.callerIdCharsMax} visible ASCII characters`);
  }
  if (eventId !== undefined && (typeof eventId !== 'string' || !eventIdShape.test(eventId))) {
    throw invalidField('Last-Event-ID', 'must be the id of an event of this stream: a non-negative integer');
  }
  return {
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(eventId === undefined ? {} : { lastEventId: Number(eventId) }),
    ...(isDelegated ? delegationFields(headers) : {}),
    ...(named === undefined ? {} : { extensions: parseExtensions([named].flat().join(',')) }),
  };
}

const none: HeaderOptions = {};

const budgetShape = /^\d{1,16}$/;

/** Reads `Colloquy-Delegation` with `Colloquy-Task`, and `Colloquy-Budget`. The token is verified later. */
function delegationFields({
  'colloquy-delegation': token,
  'colloquy-task': task,
  'colloquy-budget': budget,
}: IncomingHttpHeaders): HeaderOptions {
  if (Array.isArray(token)) throw invalidField('Colloquy-Delegation', 'must not be repeated');
  if (Array.isArray(task)) throw invalidField('Colloquy-Task', 'must not be repeated');
  const delegation =
    token === undefined ? {} : { delegation: { token, ...(task === undefined ? {} : { taskId: task }) } };
  if (budget === undefined) return delegation;
  if (typeof budget !== 'string' || !budgetShape.test(budget) || Number(budget) > limits.amountMicrocreditsMax)
    throw invalidField('Colloquy-Budget', `must be microcredits: an integer from 0 to ${limits.amountMicrocreditsMax}`);
  return { ...delegation, budgetMicrocredits: BigInt(budget) };
}

/** Runs a decoder; its errors become `request.invalid`. */
export function judged<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) throw new PlatformError('request.invalid', { violations: error.violations });
    throw error;
  }
}

/** As {@link judged}, for interfaces whose address names the agent: they carry no `tenant`, so neither may a request. */
export function decoded(decode: () => OperationRequest): OperationRequest {
  const call = judged(decode);
  if (call.request.routingTag === undefined) return call;
  throw invalidField('tenant', 'must be left out, as it is on the agent card');
}

function invalidField(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
