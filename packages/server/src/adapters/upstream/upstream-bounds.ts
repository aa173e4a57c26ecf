import { defaultDecodeLimits } from '@colloquy/protocol/v1';
import type { DecodeLimits } from '@colloquy/protocol/v1';
import { limits } from '../../kernel/limits.ts';
import type { Limits } from '../../kernel/limits.ts';

/** The bounds of `kernel/limits.ts` that hold towards agents. */
export type UpstreamBounds = Pick<
  Limits,
  | 'upstreamBytesMax'
  | 'upstreamEventBytesMax'
  | 'upstreamConnectMs'
  | 'upstreamIdleMs'
  | 'upstreamConnectionsMax'
  | 'upstreamPoolsMax'
>;

/** How an agent's answer is decoded. */
export const answerDecodeLimits: DecodeLimits = {
  ...defaultDecodeLimits,
  partsMax: limits.partsPerMessageMax,
  idCharsMax: limits.callerIdCharsMax,
  textBytesMax: limits.upstreamEventBytesMax,
};

/** Answers before the answer (HTTP 1xx) of one call; an agent that sends more is cut off. */
export const interimAnswersMax = 16;
/** Bytes of an HTTP error's body that are read for the agent's reason; more ends the connection. */
export const refusalBytesMax = 64 * 1024;
/** Decoded events that wait for the task's log before the agent is told to wait. */
export const waitingEventsMax = 64;
/** A stream that nobody reads any more may end by itself within this time, so that its connection serves again. */
export const streamLingerMs = 1_000;
