import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HeldBytes } from '../../kernel/byte-budget.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { TaskStream } from '../../modules/gateway/index.ts';
import { asRequestError, problemText } from '../http/index.ts';
import type { ConnectionListener, TakenConnection } from '../http/index.ts';

/** Events on their way to one reader. */
interface ServedEvents {
  readonly response: ServerResponse;
  readonly events: TaskStream;
  /** The data of one event. */
  readonly frame: (json: string) => string;
  /** The data of the last event of a stream that fails. */
  readonly failureFrame: (error: unknown) => string;
  readonly held?: HeldBytes | undefined;
  readonly onStall: () => void;
  readonly isLong: boolean;
  readonly take: (listener: ConnectionListener) => TakenConnection | null;
}

/** Writes streams to their readers until one of them ends it; gives signs of life, and up on readers that take nothing. */
export type EventOutlet = (served: ServedEvents) => Promise<void>;

/** Events and how each of them is told. */
export class AnsweredStream {
  readonly events: TaskStream;
  readonly frame: (json: string) => string;

  constructor(events: TaskStream, frame: (json: string) => string) {
    this.events = events;
    this.frame = frame;
  }
}

/** Answers with a stream; a failure after its beginning becomes its last event. */
export function serveEvents(
  outlet: EventOutlet,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  told: AnsweredStream,
): FastifyReply {
  const { context } = request;
  const { openRequests } = request.server;
  reply.hijack();
  openRequests.becomeStream(context);
  context.forgetHead();
  void outlet({
    response: reply.raw,
    events: told.events,
    frame: told.frame,
    failureFrame: (thrown) => {
      const error = asRequestError(thrown);
      context.fail(error);
      return problemText(error, context.requestId);
    },
    onStall: () => context.fail(new PlatformError('stream.too-slow')),
    held: context.caller?.held,
    isLong: true,
    take: (listener) => openRequests.take(context, listener),
  });
  return reply;
}
