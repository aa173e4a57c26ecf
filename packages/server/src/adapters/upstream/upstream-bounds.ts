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
