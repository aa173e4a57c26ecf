import type { OperationRequest } from '@colloquy/protocol';
import { impliedVersion, namedVersion, versionHeader } from '@colloquy/protocol/v1';
import { PlatformError } from '../../kernel/errors.ts';
import {
  admitted,
  headerOptions,
  judged,
  ProtocolRefusal,
  requestDecodeLimits,
  runOperation,
  spokenBy,
} from '../a2a/index.ts';
import type { OperationPorts, Outcome } from '../a2a/index.ts';
import { addressOf } from './agent-address.ts';
import type { GrpcRequestContext } from './grpc-request-context.ts';
import type { GrpcMethod, GrpcWire } from './grpc-wires.ts';

/** One admitted call with its message. */
export interface AdmittedCall extends Pick<GrpcMethod, 'operation' | 'decode'> {
  readonly wire: GrpcWire;
  readonly context: GrpcRequestContext;
  readonly message: Buffer;
  readonly authority: string;
}

/** Does what a call asks for, as the JSON bindings do it. */
export async function performCall(
  ports: OperationPorts,
  { operation, decode, wire, context, message, authority }: AdmittedCall,
): Promise<Outcome> {
  assertVersion(wire, context.headers['a2a-version']);
  const { caller } = context;
  if (caller === null) throw new PlatformError('access.unauthenticated');
  const call = judged(() => decode(message, requestDecodeLimits));
  const address = addressOf({
    routingTag: call.request.routingTag,
    hasTenant: wire.hasTenant,
    authority,
    tenantSlug: caller.tenant.slug,
  });
  return admitted(ports, { caller, address, operation }, () =>
    runOperation(ports, { caller, address, ...spokenBy(wire) }, withoutTag(call), headerOptions(context)),
  );
}

/** A service is of one version, and A2A 1.0 section 3.6.2 takes a call that names none for one of 0.3. */
function assertVersion({ version, isImplied }: GrpcWire, header: string | undefined): void {
  if (header === version) return;
  const named = namedVersion(header, undefined);
  if (named === undefined ? isImplied : named.majorMinor === version) return;
  const requested = named?.shown ?? impliedVersion;
  throw new ProtocolRefusal('VersionNotSupportedError', {
    message: `A2A version ${requested} is not supported here; send ${versionHeader}: ${version}.`,
    details: { requestedVersion: requested, supportedVersions: version },
  });
}

/** The same message has the same fingerprint over every binding, and the tag is the address of this one. */
function withoutTag(call: OperationRequest): OperationRequest {
  const { routingTag: _tag, ...request } = call.request;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the compiler does not see that the rest still fits the operation
  return { operation: call.operation, request } as OperationRequest;
}
