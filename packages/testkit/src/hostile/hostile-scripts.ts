import { answerScripts } from './answer-scripts.ts';
import { grpcScripts } from './grpc-scripts.ts';
import { httpScripts } from './http-scripts.ts';
import { olderScripts } from './older-scripts.ts';
import type { HostileScript } from './script.ts';
import { streamScripts } from './stream-scripts.ts';

/** Everything that an agent may do to its platform, over every wire. */
export const hostileScripts: readonly HostileScript[] = [
  ...httpScripts,
  ...answerScripts,
  ...streamScripts,
  ...olderScripts,
  ...grpcScripts,
];
