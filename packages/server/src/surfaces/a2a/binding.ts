import { formatSseEvent } from '@colloquy/protocol/sse';
import { eventStreamType, extensionsHeader } from '@colloquy/protocol/v1';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';
import { asRequestError } from '../http/index.ts';
import type { RenderedError } from './a2a-error-renderer.ts';
import type { EventStreams } from './event-streams.ts';
import type { OpenCalls } from './open-calls.ts';
import type { Outcome } from './run-operation.ts';
import { encodeInPieces, writeAnswer } from './write-answer.ts';
import type { WrittenAnswer } from './write-answer.ts';

/** How the answers to one request look. */
export interface AnswerForm {
  readonly contentType: string;
  /** A result in the words of the binding: a whole answer, or the data of one event of a stream. */
  readonly frame: (json: string) => string;
  readonly renderError: (error: PlatformError, requestId: string) => RenderedError;
  /** Its caller reads a stream alone: an error that has no status of HTTP is the only event of one. */
  readonly refusesByStream?: true;
}

/** What the surface has under way. */
export interface OpenWork {
  readonly streams: EventStreams;
  readonly calls: OpenCalls;
}

/** Answers with the outcome of a call: a document, or a stream, which continues on its own. A promise for one that takes long to write. */
export function sendOutcome(
  streams: EventStreams,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  form: AnswerForm,
  outcome: Outcome,
): void | Promise<void> {
  if (outcome.kind === 'stream') return beginStream(streams, exchange, form, outcome);
  const { held } = exchange.request.context.caller ?? {};
  const active = extensionsField(exchange.request, outcome.extensions ?? []);
  const headers = { 'content-type': form.contentType, ...active };
  const send = (body: WrittenAnswer['body']): void => writeAnswer(exchange.reply, { status: 200, headers, body, held });
  if (typeof outcome.json === 'string') return send(form.frame(outcome.json));
  return encodeInPieces(form.frame, outcome.json, held).then(send);
}

/** Answers with an error, whatever was thrown, and has it recorded. */
export function sendError(request: FastifyRequest, reply: FastifyReply, form: AnswerForm, thrown: unknown): void {
  const error = asRequestError(thrown);
  request.context.fail(error);
  const { status, headers, body } = form.renderError(error, request.context.requestId);
  const isEvent = form.refusesByStream === true && status === 200;
  const contentType = isEvent ? eventStreamType : form.contentType;
  const said = isEvent ? formatSseEvent({ event: 'error', data: body }) : body;
  const { held } = request.context.caller ?? {};
  writeAnswer(reply, { status, headers: { 'content-type': contentType, ...headers }, body: said, held });
}

/**
 * Answers with a stream; a failure after its beginning becomes its last event. Nothing waits for its end, and nothing keeps the
 * request: an open stream costs the less.
 */
function beginStream(
  streams: EventStreams,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  form: AnswerForm,
  { stream: events, event, extensions }: Extract<Outcome, { kind: 'stream' }>,
): void {
  const { context } = request;
  const { openRequests } = request.server;
  const headers = extensionsField(request, extensions);
  reply.hijack();
  openRequests.becomeStream(context);
  context.forgetHead();
  request.body = undefined;
  void streams.serve({
    response: reply.raw,
    events,
    headers,
    frame: (logged) => form.frame(event(logged)),
    failureFrame: (thrown) => {
      const error = asRequestError(thrown);
      context.fail(error);
      return form.renderError(error, context.requestId).body;
    },
    onStall: () => context.fail(new PlatformError('stream.too-slow')),
    isLong: context.operation === 'SubscribeToTask',
    take: (listener) => openRequests.take(context, listener),
    held: context.caller?.held,
  });
}

/** Tells which extensions are active, in the field that the caller named them in: 0.3 has one of its own. */
function extensionsField(
  { headers }: FastifyRequest,
  extensions: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (extensions.length === 0) return undefined;
  const name = headers['a2a-extensions'] === undefined ? 'X-A2A-Extensions' : extensionsHeader;
  return { [name]: extensions.join(',') };
}
