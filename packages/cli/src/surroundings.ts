/** What a command may touch of the process it runs in; tests bring their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  /** Aborts when the user interrupts the command. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}
