import { limits } from '../../kernel/limits.ts';
import type { TaskId } from '../../kernel/ids.ts';
import type { DelegationChain } from '../../modules/tasks/index.ts';
import type { Signer } from './signing-key.ts';

export interface ForwardTokenInput {
  /** The agent's address as registered. */
  readonly audience: string;
  /** Id of the principal that the agent is called for. */
  readonly subject: string;
  readonly tenantSlug: string;
  /** The tasks that the token speaks for. */
  readonly taskIds: readonly TaskId[];
  /** The delegation chain of the task; absent for a task without a parent and without a budget. */
  readonly chain?: DelegationChain | undefined;
  readonly nowMs: number;
}

/** Signs the token that accompanies forwards to an agent, at once where the signing key is in this process. Rejects with `platform.unavailable`. */
export type SignForwardToken = (input: ForwardTokenInput) => string | Promise<string>;

type TokenSigner = Pick<Signer, 'kid' | 'sign' | 'signAtOnce'>;

/**
 * A signer of forward tokens: compact JWS (RFC 7515) over the claims iss, aud, sub, tenant, tasks, perhaps chain, iat and exp, signed with ES256,
 * valid for `limits.forwardTokenMs`. Its `typ` is `JWT`, so it is never taken for an access token (`at+jwt`).
 */
export function forwardTokenSigner(issuer: string, keys: { readonly current: TokenSigner }): SignForwardToken {
  let signer = keys.current;
  let header = headerOf(signer);
  return ({ audience, subject, tenantSlug, taskIds, chain, nowMs }) => {
    if (keys.current !== signer) {
      signer = keys.current;
      header = headerOf(signer);
    }
    const iat = Math.floor(nowMs / 1000);
    const exp = iat + limits.forwardTokenMs / 1000;
    const claims = { iss: issuer, aud: audience, sub: subject, tenant: tenantSlug, tasks: taskIds, chain, iat, exp };
    const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return signer.signAtOnce === undefined ? signedLater(signed, signer) : `${signed}.${signer.signAtOnce(signed)}`;
  };
}

async function signedLater(signed: string, signer: TokenSigner): Promise<string> {
  const signature = await signer.sign(Buffer.from(signed, 'latin1'));
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

function headerOf(key: Pick<TokenSigner, 'kid'>): string {
  return Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'JWT', kid: key.kid })).toString('base64url');
}
