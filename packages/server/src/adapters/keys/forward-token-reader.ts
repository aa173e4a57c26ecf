import { compactVerify } from 'jose';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { OwnIssuers } from '../../modules/access/index.ts';
import type { ForwardedTasks, ForwardTokenReader } from '../../modules/gateway/index.ts';
import { ownKeyId } from './own-key-id.ts';
import type { SigningKeyRing } from './signing-key-ring.ts';

/**
 * Reads forward tokens that agents send back. Their expiry of five minutes does not count here: an agent may work for hours, and the state of the
 * task in the token decides whether the token can still be used.
 */
export function forwardTokenReader(issuers: OwnIssuers, keys: Pick<SigningKeyRing, 'find'>): ForwardTokenReader {
  return async (token) => {
    if (token.length > limits.tokenBytesMax) return null;
    const kid = ownKeyId(token, 'JWT');
    const key = kid === null ? null : await keys.find(kid);
    if (key === null) return null;
    try {
      const { payload } = await compactVerify(token, key.publicKey, { algorithms: ['ES256'] });
      return await tasksOf(JSON.parse(new TextDecoder().decode(payload)), issuers);
    } catch (error) {
      if (error instanceof PlatformError) throw error;
      return null;
    }
  };
}

/** Null for another token that the same key signed. */
async function tasksOf(claims: unknown, issuers: OwnIssuers): Promise<ForwardedTasks | null> {
  if (typeof claims !== 'object' || claims === null) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each claim is checked below
  const { iss, aud, tenant, tasks } = claims as Readonly<Record<string, unknown>>;
  if (typeof iss !== 'string' || !(await issuers.has(iss))) return null;
  if (typeof aud !== 'string' || typeof tenant !== 'string' || !Array.isArray(tasks)) return null;
  return { audience: aud, tenant, taskIds: tasks.filter((task) => typeof task === 'string') };
}
