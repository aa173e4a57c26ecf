/** Counts of one operation; recording is a few additions. */
export interface OperationMeter {
  /** One answered request. `status` 499: the client had gone before the answer. */
  record(status: number, seconds: number): void;
}

export interface HttpMetrics {
  /** The meter of an operation. Both names come from closed sets: never from a request. */
  meterOf(surface: string, operation: string): OperationMeter;
  countError(code: string, surface: string): void;
}
