import type { JsonObject } from '@colloquy/protocol';
import type { Violation } from './registration-rules.ts';

/** Validates the JSON Schemas of tenants, and values against them. Size, depth and time are bounded for every schema. */
export interface SchemaJudge {
  /** Why it is not a valid JSON Schema 2020-12 without external references; null when it is. Yields to the event loop between two schemas. */
  problemOf(schema: JsonObject): Promise<string | null>;
  /**
   * The violations of a value, with their paths (`/lines/0/amount`); empty for a valid value. A single violation is returned for an invalid
   * schema, and for a schema that takes, or recently took, more CPU time than `limits.schemaJudgeMs`.
   */
  violationsOf(schema: JsonObject, value: unknown): readonly Violation[];
}
