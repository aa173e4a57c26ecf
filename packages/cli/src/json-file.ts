import { readFileSync } from 'node:fs';
import { LocalError, UsageError } from './usage-error.ts';

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

/** The JSON value of an option: as it is written, or in a file that is named after an `@`. Throws for what is not JSON. */
export function jsonGiven(text: string, option: string): Json {
  if (text.startsWith('@')) return jsonIn(text.slice(1));
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse answers JSON values only
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(
      `${option} must be JSON, not "${text.slice(0, shownCharsMax)}".`,
      'Write JSON, or @ and the name of a file.',
    );
  }
}

/** As `jsonGiven`, for an option that takes an object. */
export function jsonObjectGiven(text: string, option: string): JsonObject {
  const value = jsonGiven(text, option);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- neither a list nor a plain value
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError(`${option} must be a JSON object.`, 'Write {"perCall": 1}, for example.');
}

const shownCharsMax = 60;
