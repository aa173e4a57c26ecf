import type { TaskPushNotificationConfig } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';

interface Violation {
  readonly field: string;
  readonly description: string;
}

/** RFC 9110 section 5.6.2. */
const tokenShape = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
/** Values that are safe in a header field: visible ASCII, with spaces only inside. */
const fieldValueShape = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** RFC 7617: the base64 of `user:password`. */
const base64Shape = /^[A-Za-z0-9+/]+={0,2}$/;
/** RFC 6750 section 2.1. */
const bearerShape = /^[A-Za-z0-9._~+/-]+=*$/;

/** Everything wrong with a config beyond its shape, field by field, below `place`. */
export function configViolations(config: TaskPushNotificationConfig, place: string): readonly Violation[] {
  const { token, authentication } = config;
  const found: Violation[] = [];
  if (token !== undefined && !isFieldValue(token)) found.push({ field: 'token', description: notFieldValue });
  if (authentication !== undefined) found.push(...authenticationViolations(authentication));
  return found.map(({ field, description }) => ({ field: place + field, description }));
}

function authenticationViolations({
  scheme,
  credentials,
}: NonNullable<TaskPushNotificationConfig['authentication']>): readonly Violation[] {
  if (!tokenShape.test(scheme))
    return [{ field: 'authentication.scheme', description: 'must be the name of an HTTP authentication scheme' }];
  if (credentials === undefined) return [];
  const description = credentialsProblem(scheme.toLowerCase(), credentials);
  return description === null ? [] : [{ field: 'authentication.credentials', description }];
}

function credentialsProblem(scheme: string, credentials: string): string | null {
  if (!isFieldValue(credentials)) return notFieldValue;
  if (scheme === 'basic' && !base64Shape.test(credentials)) return 'must be the base64 of user:password (RFC 7617)';
  if (scheme === 'bearer' && !bearerShape.test(credentials)) return 'must be a bearer token (RFC 6750)';
  return null;
}

const notFieldValue = `must be 1 to ${limits.pushSecretCharsMax} visible ASCII characters`;

function isFieldValue(text: string): boolean {
  return text.length <= limits.pushSecretCharsMax && fieldValueShape.test(text);
}
