/** The command line asks for something that does not exist or leaves out something that is needed. */
export class UsageError extends Error {
  /** One line about what to do. */
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'UsageError';
    this.remedy = remedy;
  }
}

/** The command line was right, and what it asked for could not be done on this machine. */
export class LocalError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'LocalError';
    this.remedy = remedy;
  }
}
