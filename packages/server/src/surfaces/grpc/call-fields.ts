import type { Metadata } from '@grpc/grpc-js';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { proxyFields } from '../http/index.ts';

const names = [
  'authorization',
  'x-api-key',
  'dpop',
  'a2a-version',
  'idempotency-key',
  'x-request-id',
  'a2a-extensions',
  'x-a2a-extensions',
  'last-event-id',
  'colloquy-delegation',
  'colloquy-task',
  'colloquy-budget',
] as const;

/** The fields of a call's metadata that the platform reads, each given once. */
export type CallFields = Readonly<Partial<Record<(typeof names)[number], string>>>;

/** Reads the fields; of one that is repeated none, see {@link assertUnambiguousFields}. Never throws. */
export function callFieldsOf(metadata: Metadata): CallFields {
  const fields: Partial<Record<keyof CallFields, string>> = {};
  for (const name of names) {
    const [value, ...more] = metadata.get(name);
    if (typeof value === 'string' && more.length === 0) fields[name] = value;
  }
  return fields;
}

/** Throws for what two readers of one call could understand in two ways, and for more fields than are read. */
export function assertUnambiguousFields(metadata: Metadata): void {
  let count = 0;
  let bytes = 0;
  for (const [name, values] of Object.entries(metadata.toHttp2Headers())) {
    if (name.includes('_')) throw invalid('metadata', 'names must be without underscores');
    for (const value of [values ?? []].flat()) {
      count += 1;
      bytes += name.length + String(value).length;
    }
  }
  if (count > limits.headerFieldsMax) throw invalid('metadata', `at most ${limits.headerFieldsMax} fields`);
  if (bytes > limits.headerBytesMax) throw new PlatformError('request.too-large');
  for (const name of names) if (metadata.get(name).length > 1) throw invalid(name, 'must not be repeated');
}

/** Takes the fields that speak of another connection out of the metadata; null when there are none. */
export function takeProxyFields(metadata: Metadata): Record<string, string> | null {
  let taken: Record<string, string> | null = null;
  for (const name of proxyFields) {
    const values = metadata.get(name);
    if (values.length === 0) continue;
    taken ??= {};
    taken[name] = values.join(', ');
    metadata.remove(name);
  }
  return taken;
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
