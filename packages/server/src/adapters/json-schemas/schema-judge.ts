import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { JsonObject } from '@colloquy/protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Clock } from '../../kernel/clock.ts';
import { digest128 } from '../../kernel/digest.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { SchemaJudge } from '../../modules/registry/index.ts';
import { boundsProblem } from './schema-bounds.ts';
import { OutOfTime, runWatched } from './watchdog.ts';

type Violations = ReturnType<SchemaJudge['violationsOf']>;

const wordsMax = 200;
const violationsMax = 50;
// Formats are annotations (JSON Schema 2020-12, validation, section 7.2.1); so are unknown keywords (core, section 6.5).
const dialect = {
  allErrors: true,
  strict: false,
  validateFormats: false,
  addUsedSchema: false,
  logger: false,
} as const;

/**
 * Judges schemas with compiled functions, the ones used last of which it keeps. One that took too long is not judged by again for a while, and
 * others have less time meanwhile: what is wasted on those that waste time is bounded, however many there are.
 */
export function createSchemaJudge(clock: Pick<Clock, 'monotonicMs'>): SchemaJudge {
  const schemas = new CompiledSchemas();
  /** When each schema that took too long may be judged by again. */
  const slow = new Map<string, number>();
  let slowUntilMs = 0;
  const noteSlow = (key: string): void => {
    const nowMs = clock.monotonicMs();
    slowUntilMs = nowMs + limits.schemaJudgeMs * 20;
    keepNewest(slow, key, nowMs + limits.slowSchemaMs, limits.compiledSchemasMax);
  };
  return {
    async problemOf(schema) {
      await yieldToEventLoop();
      return schemas.renew(schema).problem;
    },
    violationsOf(schema, value) {
      const { key, validate } = schemas.get(schema);
      const nowMs = clock.monotonicMs();
      if (validate === null || (slow.get(key) ?? 0) > nowMs) return [unjudged];
      const judged = judge(validate, value, nowMs < slowUntilMs ? limits.schemaJudgeMsMin : limits.schemaJudgeMs);
      if (judged === 'out-of-time') noteSlow(key);
      return judged === 'out-of-time' ? [unjudged] : judged;
    },
  };
}

const unjudged = { field: '', description: 'can not be judged by its schema in time' };

interface CompiledSchema {
  readonly key: string;
  /** Null for one that can not be compiled. */
  readonly validate: ValidateFunction | null;
  readonly problem: string | null;
}

/** Compiled schemas by their text, those used last; what can not be compiled is not tried again while it is among them. */
class CompiledSchemas {
  readonly #known = new Map<string, CompiledSchema>();
  readonly #compiler = new Compiler();

  get(schema: JsonObject): CompiledSchema {
    return this.#keep(schema, () => true);
  }

  /** As `get`, but what could not be compiled is tried again. */
  renew(schema: JsonObject): CompiledSchema {
    return this.#keep(schema, ({ problem }) => problem === null);
  }

  #keep(schema: JsonObject, isFit: (known: CompiledSchema) => boolean): CompiledSchema {
    const key = digest128(JSON.stringify(schema));
    const known = this.#known.get(key);
    const found = known !== undefined && isFit(known) ? known : this.#compile(key, schema);
    keepNewest(this.#known, key, found, limits.compiledSchemasMax);
    return found;
  }

  #compile(key: string, schema: JsonObject): CompiledSchema {
    try {
      const problem = boundsProblem(schema);
      return { key, validate: problem === null ? this.#compiler.compile(schema) : null, problem };
    } catch (error) {
      const isSlow = error instanceof OutOfTime;
      const problem = isSlow ? 'takes too long to prepare' : `is no JSON Schema 2020-12: ${wordsOf(error)}`;
      return { key, validate: null, problem };
    }
  }
}

/** Compiles one schema after the other, and remembers none. */
class Compiler {
  #ajv: Ajv2020 | null = null;

  compile(schema: JsonObject): ValidateFunction {
    try {
      return runWatched(() => {
        // One that was stopped in its middle may be in any state.
        const ajv = this.#ajv ?? prepared();
        this.#ajv = null;
        return () => this.#compileWith(ajv, schema);
      }, limits.schemaCompileMs);
    } finally {
      this.#ajv?.removeSchema(schema);
    }
  }

  #compileWith(ajv: Ajv2020, schema: JsonObject): ValidateFunction {
    try {
      return ajv.compile(schema);
    } finally {
      // Not reached when it is stopped.
      this.#ajv = ajv;
    }
  }
}

/** Compiles the meta-schema in advance, so that its time does not count against the first schema of a tenant. */
function prepared(): Ajv2020 {
  const ajv = new Ajv2020(dialect);
  void ajv.validateSchema({});
  return ajv;
}

function judge(validate: ValidateFunction, value: unknown, timeMs: number): Violations | 'out-of-time' {
  try {
    if (runWatched(() => () => validate(value), timeMs)) return [];
    return (validate.errors ?? []).slice(0, violationsMax).map(violationOf);
  } catch (error) {
    // A recursion without an end runs out of stack, not of time.
    if (!(error instanceof OutOfTime) && !(error instanceof RangeError)) throw error;
    return 'out-of-time';
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
