import type { Clock } from '../../../kernel/clock.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { BatchWriter } from '../batch-writer.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenants } from '../transaction.ts';

/** A row of an answer to several questions. */
export interface AnswerColumns {
  /** Which question, counted from 1. */
  readonly n: number;
}

interface SharedReadOptions<Question, Row extends AnswerColumns, Answer> {
  readonly pool: DatabasePool;
  readonly clock: Clock;
  readonly statement: (tenantId: TenantId, questions: readonly Question[]) => Statement<Row>;
  /** What the rows of one question say. */
  readonly answerOf: (rows: readonly Row[]) => Answer;
}

/**
 * Answers questions of one kind, those that are asked at the same moment together: thousands of readers may come at once when
 * another process is gone.
 */
export function sharedRead<Question extends { readonly tenantId: TenantId }, Row extends AnswerColumns, Answer>(
  options: SharedReadOptions<Question, Row, Answer>,
): (question: Question) => Promise<Answer> {
  const reading = new BatchWriter<Question, Answer>({
    write: (questions) => readTogether(options, questions),
    clock: options.clock,
    batchItemsMax: limits.batchItemsMax,
    batchesInFlightMax: limits.sharedReadsInFlightMax,
    queueItemsMax: limits.batchQueueItemsMax,
  });
  return (question) => reading.submit(question);
}

/** One statement for each tenant, which sees its rows alone; all of them in one round trip, because waking the database up costs more than they do. */
async function readTogether<Question extends { readonly tenantId: TenantId }, Row extends AnswerColumns, Answer>(
  { pool, statement, answerOf }: SharedReadOptions<Question, Row, Answer>,
  questions: readonly Question[],
): Promise<readonly Answer[]> {
  const byTenant = Map.groupBy(questions, ({ tenantId }) => tenantId);
  const rowsOf = new Map<Question, readonly Row[]>();
  const reads = Array.from(byTenant, ([tenantId, ofTenant]) => ({
    tenantId: uuidOf(tenantId),
    statement: statement(tenantId, ofTenant),
  }));
  const results = await readInTenants(pool, reads);
  for (const [nth, ofTenant] of [...byTenant.values()].entries()) {
    const byPlace = Map.groupBy(results[nth]?.rows ?? [], ({ n }) => n - 1);
    for (const [at, question] of ofTenant.entries()) rowsOf.set(question, byPlace.get(at) ?? []);
  }
  return questions.map((question) => answerOf(rowsOf.get(question) ?? []));
}
