/** Write an agent: an A2A 1.0 server in a few lines. */
/// <reference types="node" preserve="true" />
import '../node-version.ts';

export { serveAgent } from './serve-agent.ts';
export type { AgentServer, ServeAgentOptions } from './serve-agent.ts';
export type { AgentTask, ArtifactPiece, ForwardCaller, TaskUsage } from './agent-task.ts';
export type { AgentHandler } from './task-run.ts';
export type { CardInput, SkillInput } from './agent-card.ts';
export type { ForwardTrust } from './forward-trust.ts';
export type { PresenceOptions } from './presence.ts';
export type { TaskMemoryBounds } from './task-memory.ts';
export { delegationHeaders } from '../delegation.ts';
export type { Delegation } from '../delegation.ts';
export { text } from './message-text.ts';
