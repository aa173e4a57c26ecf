export { a2aSurface } from './a2a-surface.ts';
export type { A2aSurfaceOptions } from './a2a-surface.ts';
/** What another binding of the same operations shares. */
export { wireErrorOf } from './a2a-error-renderer.ts';
export { headerOptions, judged, requestDecodeLimits } from './a2a-request.ts';
export { EventStreams } from './event-streams.ts';
export type { KeptStream } from './event-streams.ts';
export { OpenCalls } from './open-calls.ts';
export { ProtocolRefusal } from './protocol-refusal.ts';
export { admitted, permissionFor, runOperation, spokenBy } from './run-operation.ts';
export type { OperationPorts, Outcome } from './run-operation.ts';
export type { ResultEncoder } from './wire-form.ts';
export { restV03 } from './wire-v0-3.ts';
export { rpcV1 } from './wire-v1.ts';
