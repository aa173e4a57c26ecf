import { limits } from '../../kernel/limits.ts';
import { nameViolations, tenantScopes } from '../access/index.ts';
import { externalAlgorithms, externalTokenTypes } from './external-issuer.ts';
import type { IssuerSettings } from './external-issuer.ts';

/** One complaint about a request. */
interface Violation {
  readonly field: string;
  readonly description: string;
}

const addressCharsMax = 500;
const claimCharsMax = 200;
const visibleAscii = /^[!-~]+$/;
/** RFC 6901 section 3, without the whole document. */
const pointer = /^(\/([^~/]|~[01])+)+$/;

/** The violation of an issuer identifier (RFC 8414 section 2), if there is one. `isOwn` says that the platform issues tokens under it. */
export function issuerViolations(issuer: string, isOwn: boolean): readonly Violation[] {
  const description = issuerProblem(issuer, isOwn);
  return description === null ? [] : [{ field: 'issuer', description }];
}

function issuerProblem(issuer: string, isOwn: boolean): string | null {
  const url = URL.parse(issuer);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!isPlain || issuer.length > addressCharsMax || !visibleAscii.test(issuer) || /[?#]/.test(issuer)) {
    return `must be an https address without query or fragment, at most ${addressCharsMax} characters`;
  }
  return isOwn ? 'must be another authorization server than this platform' : null;
}

/** The violation of an audience, if there is one. */
export function audienceViolations(audience: string): readonly Violation[] {
  if (audience.length <= addressCharsMax && visibleAscii.test(audience)) return [];
  const description = `must be 1 to ${addressCharsMax} visible ASCII characters`;
  return [{ field: 'audience', description }];
}

/** Every violation of an issuer's settings, field by field. */
export function settingsViolations(settings: IssuerSettings): readonly Violation[] {
  const { algorithms, tokenType } = settings;
  const known: readonly string[] = externalAlgorithms;
  const areFit = algorithms.length > 0 && algorithms.every((algorithm) => known.includes(algorithm));
  return [
    ...nameViolations(settings.name),
    ...(areFit ? [] : [{ field: 'algorithms', description: `must name some of ${known.join(', ')}` }]),
    ...(externalTokenTypes.includes(tokenType) ? [] : [{ field: 'tokenType', description: 'must be at+jwt or jwt' }]),
    ...claimViolations('subjectClaim', settings.subjectClaim),
    ...claimViolations('scopesClaim', settings.scopesClaim),
    ...mapViolations(settings.scopeMap),
  ];
}

function claimViolations(field: string, claim: string): readonly Violation[] {
  const isPlace = claim.startsWith('/') ? pointer.test(claim) : claim !== '';
  if (isPlace && claim.length <= claimCharsMax && isText(claim)) return [];
  return [{ field, description: `must be the name of a claim or a JSON Pointer, at most ${claimCharsMax} characters` }];
}

function mapViolations(map: IssuerSettings['scopeMap']): readonly Violation[] {
  const entries = Object.entries(map);
  const grantable: readonly string[] = tenantScopes;
  const areWords = entries.every(([word]) => word !== '' && word.length <= claimCharsMax && isText(word));
  const areScopes = entries.every(([, to]) => to.length > 0 && to.every((scope) => grantable.includes(scope)));
  if (entries.length > 0 && entries.length <= limits.externalScopesMax && areWords && areScopes) return [];
  const description = `must map 1 to ${limits.externalScopesMax} words to scopes of ${grantable.join(', ')}`;
  return [{ field: 'scopeMap', description }];
}

/** PostgreSQL keeps neither NUL nor half a character. */
function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}
