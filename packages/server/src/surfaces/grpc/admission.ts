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
import { GrpcVisit } from './grpc-visit.ts';
import type { GrpcVisits } from './grpc-visits.ts';

export interface AdmissionPorts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly callerOf: CallerOf;
  readonly assertStillIn: AssertStillIn;
  readonly origins: RequestOrigins;
  readonly visits: GrpcVisits;
  readonly connections: Pick<Connections, 'keep'>;
  /** Time a caller has to send its message. */
  readonly requestMs?: number;
}

/** Lets calls in by their metadata alone: nobody's message is read before it is known who sends it. */
export class Admission {
  readonly #ports: AdmissionPorts;
  /** The metadata of a call is the one object that the interceptor and the handler share. */
  readonly #visits = new WeakMap<Metadata, GrpcVisit>();

  constructor(ports: AdmissionPorts) {
    this.#ports = ports;
  }

  readonly interceptor: ServerInterceptor = (method, call) => {
    const entry = new Entry(this.#ports, method.path, call, this.#visits);
    return new ServerInterceptingCall(call, {
      start: (next) => next(entry.listener),
      sendStatus: (status, next) => {
        entry.isAnswered = true;
        next(status);
      },
    });
  };

  /** What is known of an admitted call. */
  visitOf(metadata: Metadata): GrpcVisit {
    const visit = this.#visits.get(metadata);
    if (visit === undefined) throw new PlatformError('access.unauthenticated');
    return visit;
  }
}

/** One call at the door. */
class Entry {
  readonly #ports: AdmissionPorts;
  readonly #path: string;
  readonly #call: ServerInterceptingCallInterface;
  readonly #admitted: WeakMap<Metadata, GrpcVisit>;
  #visit: GrpcVisit | null = null;
  #cancelWait: CancelTimer = () => undefined;
  isAnswered = false;

  constructor(
    ports: AdmissionPorts,
    path: string,
    call: ServerInterceptingCallInterface,
    admitted: WeakMap<Metadata, GrpcVisit>,
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
    const { clock, ids, callerOf, visits, requestMs } = this.#ports;
    const visit = new GrpcVisit({
      requestId: ids.next('req'),
      startedAtMs: clock.monotonicMs(),
      operation: this.#path.slice(this.#path.lastIndexOf('/') + 1),
      target: this.#path,
      headers: callFieldsOf(metadata),
      reset: () => resetCall(this.#call),
    });
    this.#visit = visit;
    try {
      visits.begin(visit);
      assertUnambiguousFields(metadata);
      this.#readOrigin(visit, metadata);
      const { principal } = await callerOf({ visit });
      // The call is over: nobody sends its message any more.
      if (this.#visit === null) return;
      const connection = connectionOf(this.#call);
      if (connection !== null) this.#ports.connections.keep(connection, principal.id);
      this.#admitted.set(metadata, visit);
      this.#cancelWait = clock.after(requestMs ?? limits.requestMs, () => this.#refuse(visit, tooSlow()));
      next();
    } catch (error) {
      this.#refuse(visit, asRequestError(error));
    }
  }

  #readOrigin(visit: GrpcVisit, metadata: Metadata): void {
    const { origins } = this.#ports;
    const headers = takeProxyFields(metadata);
    const socket = connectionOf(this.#call);
    if (socket === null) return;
    visit.origin = headers === null ? origins.ofConnection(socket) : origins.take({ socket, headers });
  }

  /** A call whose message finds no room is refused, and its handler never hears of it. */
  #take(message: unknown, next: () => void): void {
    const visit = this.#visit;
    if (visit === null || this.isAnswered) return;
    try {
      if (Buffer.isBuffer(message)) this.#ports.visits.admitMessage(visit, message.length);
      next();
    } catch (error) {
      this.#refuse(visit, asRequestError(error));
    }
  }

  /** The handler begins with the end of the call's messages, however long that took to come. */
  async #complete(next: () => void): Promise<void> {
    const visit = this.#visit;
    if (visit === null || this.isAnswered) return;
    try {
      const looking = this.#ports.assertStillIn(visit);
      if (looking !== undefined) await looking;
    } catch (error) {
      if (!this.isAnswered && this.#visit !== null) this.#refuse(visit, asRequestError(error));
      return;
    }
    if (!this.isAnswered) next();
  }

  #refuse(visit: GrpcVisit, error: PlatformError): void {
    visit.fail(error);
    this.isAnswered = true;
    this.#call.sendStatus(renderGrpcError(error, visit));
  }

  #end(): void {
    this.#cancelWait();
    const visit = this.#visit;
    this.#visit = null;
    if (visit !== null) this.#ports.visits.end(visit, this.isAnswered);
  }
}

function tooSlow(): PlatformError {
  return new PlatformError('request.canceled', { message: 'The request took too long to arrive.' });
}
