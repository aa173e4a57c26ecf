import type { JsonObject, JsonValue } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';

const references = new Set(['$ref', '$dynamicRef']);
/** They would give a part another base, or a meaning that only we could look up. */
const foreign = new Set(['$id', '$schema', '$vocabulary', '$async', '$data']);
const dialect = /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;

/** What about a schema is out of bounds before it is compiled; null for nothing. */
export function boundsProblem(schema: JsonObject): string | null {
  if (JSON.stringify(schema).length > limits.schemaCharsMax)
    return `is longer than ${limits.schemaCharsMax} characters`;
  let parts = 0;
  const problemIn = (value: JsonValue, depth: number): string | null => {
    if (typeof value !== 'object' || value === null) return null;
    parts += 1;
    if (depth > limits.schemaDepthMax) return `is nested more deeply than ${limits.schemaDepthMax}`;
    if (parts > limits.schemaPartsMax) return `has more than ${limits.schemaPartsMax} parts`;
    const members: Iterable<[string, JsonValue]> = Array.isArray(value)
      ? value.map((item: JsonValue) => ['', item])
      : Object.entries(value);
    for (const [name, member] of members) {
      const problem = referenceProblem(name, member, depth) ?? problemIn(member, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  };
  return problemIn(schema, 0);
}

function referenceProblem(name: string, member: JsonValue, depth: number): string | null {
  if (references.has(name) && typeof member === 'string' && !member.startsWith('#')) {
    return 'refers to something outside of itself';
  }
  if (!foreign.has(name) || typeof member !== 'string') return null;
  if (name === '$schema') return dialect.test(member) ? null : 'must be of JSON Schema 2020-12';
  // An id at the top names the whole, and changes nothing for references that begin with #.
  return name === '$id' && depth === 0 ? null : `must not have ${name}`;
}
