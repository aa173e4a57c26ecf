import type { JsonObject } from '@colloquy/protocol';
import type { Violation } from './registration-rules.ts';

/** Judges JSON Schemas that tenants bring, and values by them. Bounded in size, depth and time, whatever they say. */
export interface SchemaJudge {
  /** What is wrong with it as a JSON Schema 2020-12 that refers to nothing outside of itself; null for nothing. Others get a turn between two. */
  problemOf(schema: JsonObject): Promise<string | null>;
  /**
   * Where a value breaks the schema, with its path (`/lines/0/amount`); none when it keeps it. One violation says so when judging takes
   * more CPU time than `limits.schemaJudgeMs`, or lately has; so does one for a schema that has a problem.
   */
  violationsOf(schema: JsonObject, value: unknown): readonly Violation[];
}
