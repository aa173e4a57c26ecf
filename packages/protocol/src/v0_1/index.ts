/** The A2A 0.1 codec: wire to model and back over JSON-RPC, as server and as client, and the plain forms of a send. */
export type { MessageIdOf } from './decode-message.ts';
export { decodeSendAnswer, decodeStreamResponse, decodeTask } from './decode-task.ts';
export { encodeSendAnswer, encodeTask } from './encode-task.ts';
export { StreamEncoder } from './stream-encoder.ts';
export { decodeOperation, methodOf, operationOfMethod } from './operations.ts';
export type { LegacyOperation } from './operations.ts';
export { encodePushConfig } from './push-config.ts';
export { decodeAnswer, decodeStreamData, encodeCall } from './client.ts';
export type { LegacyReadOptions, LegacyRequest, LegacyUnary } from './client.ts';
export { authenticationOf, decodeAgentCard, legacyVersion } from './card.ts';
export { decodePlainMessage, decodePlainTask, encodePlainMessage, encodePlainTask, plainPaths } from './plain.ts';
