import { DecodeError, errorDetails, errorTable, grpcStatusCodes, parseGrpcError } from '../errors/index.ts';
import type { A2aErrorName, ErrorDetail, GrpcStatus, PeerError, WireError } from '../errors/index.ts';
import { readMessage } from './read-message.ts';
import { writeMessage } from './write-message.ts';

/** The trailer that carries {@link GrpcError.statusDetails}. */
export const statusDetailsTrailer = 'grpc-status-details-bin';

/** An error as a gRPC call ends with it. */
export interface GrpcError {
  /** `grpc-status`. */
  readonly code: number;
  /** `grpc-message`. */
  readonly message: string;
  /** A `google.rpc.Status` with code, message and details in protobuf, for {@link statusDetailsTrailer}. */
  readonly statusDetails: Uint8Array;
}

const typePrefix = 'type.googleapis.com/';

/** Renders an error for gRPC (A2A 1.0 section 10.6): the same details as in the JSON bindings, as `Any` messages. */
export function grpcError(error: WireError): GrpcError {
  return rendered(error, errorTable[error.name].grpcStatus);
}

/** The same for A2A 0.3, whose clients tell some errors apart by their status alone. */
export function grpcErrorV03(error: WireError): GrpcError {
  const { name } = error;
  return rendered(error, unimplementedIn03.has(name) ? 'UNIMPLEMENTED' : errorTable[name].grpcStatus);
}

const unimplementedIn03: ReadonlySet<A2aErrorName> = new Set([
  'PushNotificationNotSupportedError',
  'UnsupportedOperationError',
]);

function rendered(error: WireError, status: GrpcStatus): GrpcError {
  const code = grpcStatusCodes[status];
  const message = error.message.toWellFormed();
  const details = errorDetails(error).map(packed);
  return { code, message, statusDetails: writeMessage('Status', { code, message, details }) };
}

/** What a peer's call ended with. */
export interface PeerStatus {
  readonly code: number;
  readonly message: string;
  /** The bytes of {@link statusDetailsTrailer}, if it came. */
  readonly statusDetails?: Uint8Array | undefined;
}

const detailsDepthMax = 8;

/** Reads the status that ended a call of a peer. Never throws; details that can not be read count as none. */
export function parseGrpcStatus({ code, message, statusDetails }: PeerStatus): PeerError {
  const details = statusDetails === undefined ? [] : readDetails(statusDetails);
  return parseGrpcError({ code, message, details });
}

function packed(detail: ErrorDetail): object {
  const { '@type': typeUrl, ...fields } = detail;
  const value = 'retryDelay' in fields ? { retryDelay: durationOf(fields.retryDelay) } : fields;
  return { typeUrl, value: writeMessage(typeUrl.slice(`${typePrefix}google.rpc.`.length), value) };
}

/** A ProtoJSON duration such as `1.500s`. */
function durationOf(text: string): object {
  const ms = Math.round(Number(text.slice(0, -1)) * 1000);
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1_000_000 };
}

function readDetails(bytes: Uint8Array): readonly unknown[] {
  try {
    const { details } = readMessage('Status', bytes, { structDepthMax: detailsDepthMax });
    return Array.isArray(details) ? details.flatMap(unpacked) : [];
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [];
  }
}

/** Only the reason is of use, so the other kinds of details stay packed. */
function unpacked(any: unknown): readonly unknown[] {
  if (typeof any !== 'object' || any === null || !('typeUrl' in any) || !('value' in any)) return [];
  if (any.typeUrl !== `${typePrefix}google.rpc.ErrorInfo` || !(any.value instanceof Uint8Array)) return [];
  return [readMessage('ErrorInfo', any.value, { structDepthMax: detailsDepthMax })];
}
