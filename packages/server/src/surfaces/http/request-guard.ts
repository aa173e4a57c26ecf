import type { IncomingMessage } from 'node:http';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';

/** Fields whose second occurrence Node drops in silence: who reads the first and who reads the last would disagree. */
const singleFields: readonly string[] = ['authorization', 'host', 'content-type', 'content-encoding', 'x-request-id'];
const singleFieldLengths: ReadonlySet<number> = new Set(singleFields.map((name) => name.length));

/**
 * Refuses what two readers of one request could understand in two ways: duplicated fields, a transfer coding other than chunked,
 * an absolute target, more fields than are read. Throws `request.invalid`. Allocates nothing for a good request.
 */
export function assertUnambiguous(request: IncomingMessage): void {
  const { rawHeaders, url } = request;
  if (rawHeaders.length > 2 * limits.headerFieldsMax)
    throw invalid('header', `at most ${limits.headerFieldsMax} fields`);
  if (url?.charCodeAt(0) !== 0x2f) throw invalid('target', 'must be a path');
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') throw invalid('transfer-encoding', 'must be chunked');
  let seen = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (!singleFieldLengths.has(name.length)) continue;
    const bit = 1 << (singleFields.indexOf(name.toLowerCase()) + 1);
    // Bit 0 stands for every other field.
    if (bit !== 1 && (seen & bit) !== 0) throw invalid(name.toLowerCase(), 'must not be repeated');
    seen |= bit;
  }
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
