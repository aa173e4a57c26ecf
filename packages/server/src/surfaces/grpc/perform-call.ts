import type { Operation, OperationRequest } from '@colloquy/protocol';
import { decodeGrpcRequest } from '@colloquy/protocol/grpc';
import { impliedVersion, namedVersion, versionHeader } from '@colloquy/protocol/v1';
import { PlatformError } from '../../kernel/errors.ts';
import {
  admitted,
  headerOptions,
  judged,
  ProtocolRefusal,
  requestDecodeLimits,
  rpcV1,
  runOperation,
} from '../a2a/index.ts';
import type { OperationPorts, Outcome } from '../a2a/index.ts';
import { addressOf } from './agent-address.ts';
import type { GrpcRequestContext } from './grpc-request-context.ts';

/** One admitted call with its message. */
export interface AdmittedCall {
  readonly operation: Operation;
  readonly context: GrpcRequestContext;
  readonly message: Buffer;
  readonly authority: string;
}

/** Does what a call asks for, as the JSON bindings do it. */
export async function performCall(
  ports: OperationPorts,
  { operation, context, message, authority }: AdmittedCall,
): Promise<Outcome> {
  assertVersion(context.headers['a2a-version']);
  const { caller } = context;
  if (caller === null) throw new PlatformError('access.unauthenticated');
  const call = judged(() => decodeGrpcRequest(operation, message, requestDecodeLimits));
  const address = addressOf({
    routingTag: call.request.routingTag,
    authority,
    tenantSlug: caller.tenant.slug,
  });
  return admitted(ports, { caller, address, operation }, () =>
    runOperation(ports, { caller, address, results: rpcV1.results }, withoutTag(call), headerOptions(context)),
  );
}

/** The service is of 1.0 alone, and yet A2A 1.0 section 3.6.2 takes a call that names no version for one of 0.3. */
function assertVersion(header: string | undefined): void {
  if (header === rpcV1.version) return;
  const named = namedVersion(header, undefined);
  if (named?.majorMinor === rpcV1.version) return;
  const requested = named?.shown ?? impliedVersion;
  throw new ProtocolRefusal('VersionNotSupportedError', {
    message: `A2A version ${requested} is not supported here; send ${versionHeader}: ${rpcV1.version}.`,
    details: { requestedVersion: requested, supportedVersions: rpcV1.version },
  });
}

/** The same message has the same fingerprint over every binding, and the tag is the address of this one. */
function withoutTag(call: OperationRequest): OperationRequest {
  const { routingTag: _tag, ...request } = call.request;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the compiler does not see that the rest still fits the operation
  return { operation: call.operation, request } as OperationRequest;
}
