import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-connection.ts';

/** A script that Redis keeps; it is sent again when Redis has it no more. */
export interface RedisScript {
  readonly text: string;
  readonly sha1: string;
}

export function redisScript(text: string): RedisScript {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

export async function runScript(
  client: RedisClient,
  { text, sha1 }: RedisScript,
  call: { readonly keys: string[]; readonly arguments: string[] },
): Promise<unknown> {
  try {
    return await client.evalSha(sha1, call);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(text, call);
  }
}
