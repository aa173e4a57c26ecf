import { setImmediate as turn } from 'node:timers/promises';
import type { JsonObject, JsonValue } from '@colloquy/protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { digest128 } from '../../kernel/digest.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { SchemaJudge } from '../../modules/registry/index.ts';
import { boundsProblem } from './schema-bounds.ts';
import { OutOfTime, runWatched } from './watchdog.ts';

type Violations = ReturnType<SchemaJudge['violationsOf']>;

const wordsMax = 200;
// Formats are annotations (JSON Schema 2020-12, validation, section 7.2.1); keywords that nobody knows are as well (core, section 6.5).
const dialect = { strict: false, validateFormats: false, addUsedSchema: false, logger: false } as const;

/** Judges schemas with compiled functions, the ones used last of which it keeps. */
export function createSchemaJudge(): SchemaJudge {
  const compiled = new Map<string, ValidateFunction>();
  const compiler = new Compiler();
  const compile = (schema: JsonObject): ValidateFunction => {
    const key = digest128(JSON.stringify(schema));
    const validate = compiled.get(key) ?? compiler.compile(schema);
    keepNewest(compiled, key, validate, limits.compiledSchemasMax);
    return validate;
  };
  return {
    async problemOf(schema) {
      const problem = boundsProblem(schema);
      if (problem !== null) return problem;
      await turn();
      try {
        compile(schema);
        return null;
      } catch (error) {
        if (error instanceof OutOfTime) return 'takes too long to prepare';
        return `is no JSON Schema 2020-12: ${wordsOf(error)}`;
      }
    },
    violationsOf(schema, value) {
      return judge(compile(schema), value);
    },
  };
}

/** Compiles one schema after the other, and remembers none. */
class Compiler {
  #ajv: Ajv2020 | null = null;

  compile(schema: JsonObject): ValidateFunction {
    const ajv = (this.#ajv ??= prepared());
    try {
      return runWatched(() => ajv.compile(schema), limits.schemaCompileMs);
    } catch (error) {
      // What was stopped in its middle may be in any state.
      if (error instanceof OutOfTime) this.#ajv = null;
      throw error;
    } finally {
      ajv.removeSchema(schema);
    }
  }
}

/** The schema of schemas is compiled at its first use, which is not the fault of whoever comes first. */
function prepared(): Ajv2020 {
  const ajv = new Ajv2020(dialect);
  void ajv.validateSchema({});
  return ajv;
}

function judge(validate: ValidateFunction, value: JsonValue): Violations {
  try {
    if (runWatched(() => validate(value), limits.schemaJudgeMs)) return [];
    return (validate.errors ?? []).map(violationOf);
  } catch (error) {
    // A recursion without an end runs out of stack, not of time.
    if (!(error instanceof OutOfTime) && !(error instanceof RangeError)) throw error;
    return [{ field: '', description: 'can not be judged by its schema in time' }];
  }
}

function violationOf({ instancePath, keyword, params, message }: ErrorObject): Violations[number] {
  const named: unknown = params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'];
  const field = (typeof named === 'string' ? `${instancePath}/${named}` : instancePath).slice(0, wordsMax);
  if (keyword === 'required') return { field, description: 'is required' };
  return { field, description: (message ?? 'is not valid').slice(0, wordsMax) };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, wordsMax) : 'it does not compile';
}
