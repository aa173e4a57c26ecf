/** The codec of ACP-RPC: its objects to the model and back. */
export { priorities, subscriptionEvents, taskStatuses } from './names.ts';
export type { AcpRpcEvent, AcpRpcPriority, AcpRpcTaskStatus } from './names.ts';
export { decodeArtifact, decodeMessage, decodeTask } from './decode-task.ts';
export type { MessageFacts, MessageIdOf } from './decode-task.ts';
export { wireArtifact, wireMessage, wireTask } from './encode-task.ts';
export type { TaskView } from './encode-task.ts';
