import type { IncomingHttpHeaders } from 'node:http';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { CallFields } from './endpoint.ts';

const keyShape = new RegExp(`^[\\x21-\\x7e]{1,${limits.callerIdCharsMax}}$`);
const eventIdShape = /^\d{1,9}$/;
const none: CallFields = { idempotencyKey: null, lastEventId: null };

/** The fields that an endpoint takes; throws `request.invalid` for one that can not be read. */
export function callFields(
  { takesKey, isStream }: { readonly takesKey?: boolean; readonly isStream?: boolean },
  headers: IncomingHttpHeaders,
): CallFields {
  const key = takesKey === true ? headers['idempotency-key'] : undefined;
  const eventId = isStream === true ? headers['last-event-id'] : undefined;
  if (key === undefined && eventId === undefined) return none;
  if (key !== undefined && (typeof key !== 'string' || !keyShape.test(key)))
    throw invalidField('Idempotency-Key', `must be 1 to ${limits.callerIdCharsMax} visible ASCII characters`);
  if (eventId !== undefined && (typeof eventId !== 'string' || !eventIdShape.test(eventId)))
    throw invalidField('Last-Event-ID', 'must be the id of an event of this stream: a non-negative integer');
  return { idempotencyKey: key ?? null, lastEventId: eventId === undefined ? null : Number(eventId) };
}

function invalidField(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
