import type { JsonObject, JsonValue } from '@colloquy/protocol';
import { digest128 } from '../../kernel/digest.ts';
import type { IssuerId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { ExternalClaims, IssuerSettings } from './external-issuer.ts';

/** The claim at a place: its name, or a JSON Pointer (RFC 6901) to it; undefined when there is none. */
export function claimAt(claims: ExternalClaims, place: string): JsonValue | undefined {
  if (!place.startsWith('/')) return memberOf(claims, place);
  const names = place.slice(1).split('/');
  let value: JsonValue | undefined = claims;
  for (const name of names) value = memberOf(value, name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return value;
}

/** The subject in the claims; null when it is no text that can be stored. */
export function subjectOf(claims: ExternalClaims, place: string): string | null {
  const subject = claimAt(claims, place);
  if (typeof subject !== 'string' || subject === '' || subject.length > limits.externalSubjectCharsMax) return null;
  return subject.isWellFormed() ? subject : null;
}

/** Unique across the platform: another registration's subject of the same name is another principal. */
export function externalPrincipalId(issuerId: IssuerId, subject: string): string {
  return `ext_${digest128(JSON.stringify([issuerId, subject]))}`;
}

/** Our scopes for the claims: those that the map gives for a word in them, and no other. */
export function mappedScopes(
  claims: ExternalClaims,
  { scopesClaim, scopeMap }: Pick<IssuerSettings, 'scopesClaim' | 'scopeMap'>,
): ReadonlySet<string> {
  const map = new Map(Object.entries(scopeMap));
  return new Set(wordsOf(claimAt(claims, scopesClaim)).flatMap((word) => map.get(word) ?? []));
}

/** A text as in RFC 6749 section 3.3, or a list, as many servers send it. */
function wordsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  const members = objectOf(value);
  return members !== null && Object.hasOwn(members, name) ? members[name] : undefined;
}

/** The value when it is an object and no list; null otherwise. */
export function objectOf(value: JsonValue | undefined): JsonObject | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- isArray does not tell read-only lists apart
  return value as JsonObject;
}
