import type { JsonObject } from '@colloquy/protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { SchemaFit } from '../../modules/routing/index.ts';

/** Patterns of agents' cards are not run here, where one of them could take the time of everybody: what does not fit them fails later. */
const anyText = Object.assign(() => ({ test: () => true }), { code: 'anyText' });

/** Compiles schemas once, and keeps the newest. A schema that is too large, refers to others or is none fits nothing. */
export function createSchemaFit(): SchemaFit {
  const compiled = new Map<string, ValidateFunction | null>();
  return (schema, value) => {
    const text = JSON.stringify(schema);
    let validate = compiled.get(text);
    if (validate === undefined) {
      validate = compile(schema, text);
      keepNewest(compiled, text, validate, limits.routerSchemasMax);
    }
    return validate !== null && validate(value);
  };
}

function compile(schema: JsonObject, text: string): ValidateFunction | null {
  if (text.length > limits.routerSchemaBytesMax) return null;
  // One for each schema: schemas of different agents may have the same id.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false, code: { regExp: anyText } });
  try {
    return ajv.compile(schema);
  } catch {
    return null;
  }
}
