import type { SuspendedTarget } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

interface SuspensionInForce {
  readonly tenant_id: string;
  /** Only what the table's check lets in is stored. */
  readonly kind: SuspendedTarget['kind'];
  readonly name: string;
  readonly stopped_at: Date;
}

/** Stops in force of every tenant, younger than so many milliseconds; all of them for null. */
export function listSuspensionsInForce(youngerThanMs: number | null): Statement<SuspensionInForce> {
  return {
    name: 'list-stops-in-force',
    text: `
      select tenant_id, kind, name, stopped_at from colloquy.stops
      where resumed_at is null
        and ($1::float8 is null or stopped_at > colloquy.now_utc() - $1 * interval '1 millisecond')`,
    values: [youngerThanMs],
  };
}
