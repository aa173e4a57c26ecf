import { ServerInterceptingCall } from '@grpc/grpc-js';
import type { Metadata, ServerInterceptingCallInterface, ServerInterceptor, ServerListener } from '@grpc/grpc-js';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { asRequestError } from '../http/index.ts';
import type { AssertStillIn, CallerOf, Connections, RequestOrigins } from '../http/index.ts';
import { connectionOf, resetCall } from './call-internals.ts';
import { assertUnambiguousFields, callFieldsOf, takeProxyFields } from './call-fields.ts';
import { renderGrpcError } from './grpc-error-renderer.ts';
import { GrpcRequestContext } from './grpc-request-context.ts';
import { grpcWires } from './grpc-wires.ts';
import type { OpenGrpcRequests } from './open-grpc-requests.ts';

export interface AdmissionPorts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly callerOf: CallerOf;
  readonly assertStillIn: AssertStillIn;
  readonly origins: RequestOrigins;
  readonly openRequests: OpenGrpcRequests;
  readonly connections: Pick<Connections, 'keep'>;
  /** Time a caller has to send its message. */
  readonly requestMs?: number;
}

const operationAt: ReadonlyMap<string, string> = new Map(
  grpcWires.flatMap(({ calls }) => calls.map(({ path, operation }) => [path, operation] as const)),
);

/** Admits calls by their metadata alone: a message is read only after its caller is authenticated. */
export class Admission {
  readonly #ports: AdmissionPorts;
  /** The metadata of a call is the one object that the interceptor and the handler share. */
  readonly #openRequests = new WeakMap<Metadata, GrpcRequestContext>();

  constructor(ports: AdmissionPorts) {
    this.#ports = ports;
  }

  readonly interceptor: ServerInterceptor = (method, call) => {
    const entry = new Entry(this.#ports, method.path, call, this.#openRequests);
    return new ServerInterceptingCall(call, {
      start: (next) => next(entry.listener),
      sendStatus: (status, next) => {
        entry.isAnswered = true;
        next(status);
      },
    });
  };

  /** What is known of an admitted call. */
  contextOf(metadata: Metadata): GrpcRequestContext {
    const context = this.#openRequests.get(metadata);
    if (context === undefined) throw new PlatformError('access.unauthenticated');
    return context;
  }
}

/** One call at the door. */
class Entry {
  readonly #ports: AdmissionPorts;
  readonly #path: string;
  readonly #call: ServerInterceptingCallInterface;
  readonly #admitted: WeakMap<Metadata, GrpcRequestContext>;
  #context: GrpcRequestContext | null = null;
  #cancelWait: CancelTimer = () => undefined;
  isAnswered = false;

  constructor(
    ports: AdmissionPorts,
    path: string,
    call: ServerInterceptingCallInterface,
    admitted: WeakMap<Metadata, GrpcRequestContext>,
  ) {
    this.#ports = ports;
    this.#path = path;
    this.#call = call;
    this.#admitted = admitted;
  }

  readonly listener: ServerListener = {
    onReceiveMetadata: (metadata, next) => void this.#admit(metadata, () => next(metadata)),
    onReceiveMessage: (message, next) => this.#take(message, () => next(message)),
    onReceiveHalfClose: (next) => {
      this.#cancelWait();
      void this.#complete(next);
    },
    // Comes when the stream is closed, after a status as well as without one.
    onCancel: () => this.#end(),
  };

  async #admit(metadata: Metadata, next: () => void): Promise<void> {
    const { clock, ids, callerOf, openRequests, requestMs } = this.#ports;
    const context = new GrpcRequestContext({
      requestId: ids.next('req'),
      startedAtMs: clock.monotonicMs(),
      operation: operationAt.get(this.#path) ?? '',
      target: this.#path,
      headers: callFieldsOf(metadata),
      reset: () => resetCall(this.#call),
    });
    this.#context = context;
    try {
      openRequests.begin(context);
      assertUnambiguousFields(metadata);
      this.#readOrigin(context, metadata);
      const { principal } = await callerOf({ context });
      // The call is over: its message does not come any more.
      if (this.#context === null) return;
      const connection = connectionOf(this.#call);
      if (connection !== null) this.#ports.connections.keep(connection, principal.id);
      this.#admitted.set(metadata, context);
      this.#cancelWait = clock.after(requestMs ?? limits.requestMs, () => this.#refuse(context, tooSlow()));
      next();
    } catch (error) {
      this.#refuse(context, asRequestError(error));
    }
  }

  #readOrigin(context: GrpcRequestContext, metadata: Metadata): void {
    const { origins } = this.#ports;
    const headers = takeProxyFields(metadata);
    const socket = connectionOf(this.#call);
    if (socket === null) return;
    context.origin = headers === null ? origins.ofConnection(socket) : origins.take({ socket, headers });
  }

  /** A call whose message finds no room is refused, and its handler never hears of it. */
  #take(message: unknown, next: () => void): void {
    const context = this.#context;
    if (context === null || this.isAnswered) return;
    try {
      if (Buffer.isBuffer(message)) this.#ports.openRequests.admitMessage(context, message.length);
      next();
    } catch (error) {
      this.#refuse(context, asRequestError(error));
    }
  }

  /** The handler begins with the end of the call's messages, however long that took to come. */
  async #complete(next: () => void): Promise<void> {
    const context = this.#context;
    if (context === null || this.isAnswered) return;
    try {
      const looking = this.#ports.assertStillIn(context);
      if (looking !== undefined) await looking;
    } catch (error) {
      if (!this.isAnswered && this.#context !== null) this.#refuse(context, asRequestError(error));
      return;
    }
    if (!this.isAnswered) next();
  }

  #refuse(context: GrpcRequestContext, error: PlatformError): void {
    context.fail(error);
    this.isAnswered = true;
    this.#call.sendStatus(renderGrpcError(error, context));
  }

  #end(): void {
    this.#cancelWait();
    const context = this.#context;
    this.#context = null;
    if (context !== null) this.#ports.openRequests.end(context, this.isAnswered);
  }
}

function tooSlow(): PlatformError {
  return new PlatformError('request.canceled', { message: 'The request took too long to arrive.' });
}
