export type EmbeddedPostgresErrorCode =
  | 'port-unavailable'
  | 'disk-full'
  | 'permission-denied'
  | 'data-dir-locked'
  | 'wrong-major'
  | 'binaries-missing'
  | 'start-timeout'
  | 'start-failed';

/** Why the embedded PostgreSQL does not run. The message is `happened` and `mend`, each one sentence or two. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;
  readonly happened: string;
  /** The next step for the operator. */
  readonly mend: string;

  constructor(code: EmbeddedPostgresErrorCode, happened: string, mend: string, cause?: unknown) {
    super(`${happened} ${mend}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.happened = happened;
    this.mend = mend;
  }
}

const mends = {
  'disk-full': 'Free space there, or choose another data directory, and start again.',
  'permission-denied': 'Give this user the right to write there, or choose another data directory, and start again.',
  'port-unavailable': 'End the program that holds the port, or choose another port.',
  'start-failed': 'Read the newest file in its log directory; the data directory itself is unchanged.',
} as const;

const patterns: readonly (readonly [keyof typeof mends, RegExp])[] = [
  ['disk-full', /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/],
  ['port-unavailable', /EADDRINUSE|Address already in use|could not (bind|create any TCP)/],
  [
    'permission-denied',
    /EACCES|EPERM|EROFS|Permission denied|Operation not permitted|Read-only file system|has wrong ownership/,
  ],
];

/** The kind of failure of an operating-system error or of a message of PostgreSQL (in English: LC_ALL=C). */
export function classifyFailure(doing: string, error: unknown): EmbeddedPostgresError {
  if (error instanceof EmbeddedPostgresError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? 'start-failed';
  return new EmbeddedPostgresError(code, `${doing} failed: ${lastLines(text)}`, mends[code], error);
}

/** Runs `work`; whatever it throws comes out as an `EmbeddedPostgresError`. */
export async function named<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw classifyFailure(doing, error);
  }
}

const linesShownMax = 6;

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-linesShownMax).join(' | ');
}
