import { ColloquyError } from './colloquy-error.ts';

/** Checks one value of an answer and gives it its type. `at` says where it stands, for the error. */
export type Reader<T> = (value: unknown, at: string) => T;

/** A string. */
export const string: Reader<string> = (value, at) => (typeof value === 'string' ? value : refuse(at, 'a string'));

/** A finite number. */
export const number: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(at, 'a number');

/** A whole number that a double holds exactly. */
export const wholeNumber: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : refuse(at, 'a whole number');

/** True or false. */
export const boolean: Reader<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : refuse(at, 'true or false');

/** Anything. */
export const anything: Reader<unknown> = (value) => value;

/** Names with their strings. */
export const stringRecord: Reader<Readonly<Record<string, string>>> = (value, at) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(at, 'an object');
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, string(member, `${at}.${name}`)]));
};

/** A value that may be absent or null. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value, at) => (value === undefined || value === null ? undefined : read(value, at));
}

/** A list of values of one kind. */
export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, at) =>
    Array.isArray(value) ? value.map((item: unknown, index) => read(item, `${at}[${index}]`)) : refuse(at, 'a list');
}

/** An object with at least these members; the others are left out, and absent optional ones stay absent. */
export function object<T extends object>(members: { readonly [Name in keyof T]: Reader<T[Name]> }): Reader<T> {
  const entries: readonly [string, Reader<unknown>][] = Object.entries(members);
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(at, 'an object');
    const known = new Map<string, unknown>(Object.entries(value));
    const read = entries
      .map(([name, reader]) => [name, reader(known.get(name), `${at}.${name}`)] as const)
      .filter(([, member]) => member !== undefined);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each member has just been read as its type
    return Object.fromEntries(read) as T;
  };
}

function refuse(at: string, wanted: string): never {
  throw new ColloquyError({
    code: 'sdk.invalid-answer',
    kind: 'internal',
    message: `The platform's answer is not understood: ${at} must be ${wanted}.`,
    retry: { kind: 'never' },
  });
}
