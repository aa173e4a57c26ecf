/** Ways to write the same JSON differently, and to break it. */
import assert from 'node:assert/strict';
import { DecodeError } from '../src/errors/index.ts';

/** Members whose content belongs to the sender and has no rules. */
const freeForm = new Set(['metadata', 'data', 'params', 'header']);
/** Members whose keys are names chosen by the sender. */
const maps = new Set(['securitySchemes', 'schemes', 'scopes']);

/** Another name for a member. */
export type Rewrite = (name: string) => string;

/** The same message with every member renamed and its order turned round. */
export function rewritten(value: unknown, rename: Rewrite, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => rewritten(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  const ordered = isMap ? entries : entries.toReversed();
  return Object.fromEntries(
    ordered.map(([name, member]) => [
      isMap ? name : rename(name),
      freeForm.has(name) && !isMap ? member : rewritten(member, rename, maps.has(name) && !isMap),
    ]),
  );
}

/** The proto spelling of a name. */
export const snake: Rewrite = (name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Every place of a message that has a type, as a function that puts a value of no accepted type there. `untyped` names the members
 * that may be anything at all.
 */
export function breakages(value: unknown, untyped: ReadonlySet<string>, isMap = false): (() => void)[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const free = freeForm.has(name) && !isMap && !Array.isArray(value);
    const here =
      untyped.has(name) && !isMap && !Array.isArray(value) ? [] : [() => void Reflect.set(value, name, [[]])];
    return [...here, ...(free ? [] : breakages(member, untyped, maps.has(name) && !isMap))];
  });
}

/** A random model as ordinary objects: fast-check also makes some without a prototype. */
export function plain(model: unknown): unknown {
  return JSON.parse(JSON.stringify(model));
}

/** The same message with something else in place of one of its members. */
export function damaged(wire: unknown, garbage: unknown, choice: number): object {
  const members = Object(wire) as object;
  const keys = Object.keys(members);
  return { ...members, [keys[choice % Math.max(1, keys.length)] ?? 'id']: garbage };
}

/** Decodes a value, or refuses it with what is wrong, within bounds. */
export function assertDecodesOrRefuses(decode: (value: unknown) => unknown, value: unknown): void {
  try {
    decode(value);
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    assert.ok(error.violations.length > 0 && error.violations.length <= 32);
  }
}
