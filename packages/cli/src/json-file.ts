import { readFileSync } from 'node:fs';
import { LocalError } from './usage-error.ts';

/** Any JSON value. */
type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A JSON object. */
interface JsonObject {
  readonly [name: string]: Json;
}

/** The JSON object in a file. Throws a LocalError when there is none. */
export function jsonIn(file: string): JsonObject {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse answers JSON values only
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    throw new LocalError(`The file ${file} can not be read as JSON.`, 'Check its path, permissions and content.');
  }
  throw new LocalError(`The file ${file} holds no JSON object.`, 'Check its content.');
}
