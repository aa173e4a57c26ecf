import type { JsonObject } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { OwnCardPolicy } from '../trust/index.ts';
import type { CardVisibility, CredentialKind } from './agent.ts';

/** One invalid field of a request. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

/** A credential in a request: the only time its value is in clear text. */
export interface CredentialInput {
  readonly kind: Exclude<CredentialKind, 'none'>;
  readonly value: string;
  /** Of an API key; null for the default, `X-API-Key`. */
  readonly header: string | null;
}

/** The settings of a registration. Null: the platform's default. */
export interface RegistrationSettings {
  readonly name: string;
  readonly priceMicrocredits: bigint | null;
  readonly idempotent: boolean | null;
  readonly taskMsMax: number | null;
  readonly cardVisibility: CardVisibility | null;
  readonly credential: CredentialInput | null;
  /** Requirements for this agent's cards, on top of the tenant's policy. */
  readonly cardPolicy: OwnCardPolicy;
  /** The tenant's profile of the agent, merged into each of its cards from now on. Null for none. */
  readonly profile: JsonObject | null;
  /** Skills that only the extended card shows, and only to callers that may send. */
  readonly extendedSkillIds: readonly string[];
}

const taskMsMin = 100;
const taskMsCeiling = 86_400_000;
const credentialCharsMax = 4096;
/** RFC 6750 section 2.1. */
const bearerToken = /^[A-Za-z0-9\-._~+/]+=*$/;
const headerName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const visibleAscii = /^[\x21-\x7e]+$/;
/** Headers of HTTP, proxies, A2A and the platform. */
const ownHeaders =
  /^(host|connection|keep-alive|te|trailer|upgrade|expect|date|via|forwarded|cookie|range|referer|origin|user-agent|accept.*|content-.*|transfer-.*|proxy-.*|if-.*|sec-.*|a2a-.*|x-forwarded-.*|x-real-ip|x-request-id|(x-)?colloquy-.*|traceparent|tracestate|baggage|last-event-id|idempotency-key)$/i;

/** The violations of the settings of a registration, field by field. */
export function registrationViolations(settings: RegistrationSettings): Violation[] {
  const { name, priceMicrocredits: price, taskMsMax, credential } = settings;
  const nameProblem = slugProblem(name);
  const isPriceFit = price === null || (price >= 0n && price <= BigInt(limits.amountMicrocreditsMax));
  const isTaskFit = taskMsMax === null || (taskMsMax >= taskMsMin && taskMsMax <= taskMsCeiling);
  return [
    ...(nameProblem === null ? [] : [{ field: 'name', description: nameProblem }]),
    ...(isPriceFit
      ? []
      : [{ field: 'priceMicrocredits', description: `must be an integer from 0 to ${limits.amountMicrocreditsMax}` }]),
    ...(isTaskFit
      ? []
      : [{ field: 'taskMsMax', description: `must be an integer from ${taskMsMin} to ${taskMsCeiling}` }]),
    ...(credential === null ? [] : credentialViolations(credential)),
  ];
}

/** Descriptions never quote the value. */
function credentialViolations({ kind, value, header }: CredentialInput): Violation[] {
  const violations: Violation[] = [];
  const shape = kind === 'bearer' ? bearerToken : visibleAscii;
  if (value.length > credentialCharsMax || !shape.test(value)) {
    const form = kind === 'bearer' ? 'a bearer token (RFC 6750)' : 'visible ASCII characters without spaces';
    violations.push({ field: 'credential.value', description: `must be ${form}, at most ${credentialCharsMax}` });
  }
  if (kind === 'bearer' && header !== null) {
    violations.push({ field: 'credential.header', description: 'belongs to an api-key only' });
  }
  if (kind === 'api-key' && header !== null && (!headerName.test(header) || ownHeaders.test(header))) {
    violations.push({
      field: 'credential.header',
      description: 'must be a header name that the platform does not use',
    });
  }
  return violations;
}
