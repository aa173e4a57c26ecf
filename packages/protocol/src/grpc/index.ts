/** The gRPC binding of A2A 1.0: protobuf bytes to model and back, as server and as client, and its errors. Of 0.3 the server's side. */
export { grpcPath, grpcService } from './calls.ts';
export { decodeGrpcRequestV03, encodeGrpcAnswerV03, grpcPathV03 } from './calls-v0-3.ts';
export type { GrpcOperationV03 } from './calls-v0-3.ts';
export { decodeGrpcRequest, encodeGrpcAnswer } from './server-call.ts';
export { decodeGrpcAnswer, decodeGrpcStreamItem, encodeGrpcCall } from './client-call.ts';
export { grpcError, grpcErrorV03, parseGrpcStatus, statusDetailsTrailer } from './status.ts';
export type { GrpcError, PeerStatus } from './status.ts';
export { readMessage } from './read-message.ts';
export type { MessageJson, ReadBounds } from './read-message.ts';
export { writeMessage } from './write-message.ts';
