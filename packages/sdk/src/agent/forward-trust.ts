import type { IncomingHttpHeaders } from 'node:http';
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Delegation } from '../delegation.ts';
import { agentLimits } from './agent-limits.ts';
import { AgentRefusal } from './agent-refusal.ts';
import type { ForwardCaller } from './agent-task.ts';

/** The platform that an agent trusts. With it, the agent admits only requests with a forward token, which names the caller. */
export interface ForwardTrust {
  /** The platform's key set, for example `https://colloquy.example/.well-known/jwks.json`. Fetched on need and cached. */
  readonly jwksUrl?: string | URL;
  /** The key set itself (RFC 7517), instead of its address. */
  readonly keys?: JSONWebKeySet;
  /** The audience (`aud`) that the token must have: the address on the card with which the agent is registered, the default. */
  readonly audience?: string;
  /** The issuer (`iss`) that the token must have; absent accepts any issuer that holds the keys. */
  readonly issuer?: string;
}

/** Verifies the token of one request. Throws an {@link AgentRefusal} (401) when it is missing or not good. */
export type ForwardVerifier = (headers: IncomingHttpHeaders) => Promise<ForwardCaller>;

const forwardHeader = 'colloquy-forward-token';
const taskHeader = 'colloquy-task';
const clockToleranceSeconds = 5;

/** Prepares verification of the platform's short-lived forward tokens (ES256 JWT, RFC 7519). */
export function createForwardVerifier(trust: ForwardTrust, ownUrl: string): ForwardVerifier {
  const key = keySource(trust);
  const options = {
    algorithms: ['ES256'],
    audience: trust.audience ?? ownUrl,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: clockToleranceSeconds,
    ...(trust.issuer === undefined ? {} : { issuer: trust.issuer }),
  };
  return async (headers) => {
    const token = tokenOf(headers);
    if (token === undefined) throw unauthenticated();
    const payload = await jwtVerify(token, key, options).then(
      (verified) => verified.payload,
      () => {
        throw unauthenticated();
      },
    );
    return callerOf(payload, headers[taskHeader]);
  };
}

function keySource(trust: ForwardTrust): JWTVerifyGetKey {
  if (trust.keys !== undefined) return createLocalJWKSet(trust.keys);
  if (trust.jwksUrl === undefined) throw new TypeError('trust needs jwksUrl or keys.');
  return createRemoteJWKSet(new URL(trust.jwksUrl), { timeoutDuration: agentLimits.jwksFetchMs });
}

function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const forwarded = headers[forwardHeader];
  if (typeof forwarded === 'string') return forwarded;
  return /^Bearer +([\w.~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** The delegation to pass on; undefined for other callers, whose bearer tokens must not be forwarded. */
export function delegationOf(headers: IncomingHttpHeaders): Delegation | undefined {
  const task = headers[taskHeader];
  const token = typeof task === 'string' ? tokenOf(headers) : undefined;
  return token === undefined || typeof task !== 'string' ? undefined : { token, task };
}

/** One token can cover several tasks of one principal; the request's own header names the task. */
function callerOf({ sub, tenant, tasks }: JWTPayload, named: string | string[] | undefined): ForwardCaller {
  if (sub === undefined || typeof tenant !== 'string') throw unauthenticated();
  if (named === undefined) return { subject: sub, tenant };
  if (!Array.isArray(tasks) || typeof named !== 'string' || !tasks.includes(named)) throw unauthenticated();
  return { subject: sub, tenant, task: named };
}

function unauthenticated(): AgentRefusal {
  return new AgentRefusal('UnauthenticatedError', 'This agent only answers the platform: send its forward token.');
}
