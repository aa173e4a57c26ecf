import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A client id with its secret. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the demo remembers from one start to the next; the platform shows secrets once only. */
export interface DemoState {
  readonly operator?: Credentials;
  /** By tenant. */
  readonly clients: Readonly<Record<string, Credentials>>;
}

const fileName = 'demo.json';

/** What an earlier start left in this folder; nothing when there was none or it can not be read. */
export function readDemoState(dataDir: string): DemoState {
  try {
    const parsed = JSON.parse(readFileSync(path.join(dataDir, fileName), 'utf8')) as Partial<DemoState>;
    return { clients: {}, ...parsed };
  } catch {
    return { clients: {} };
  }
}

/** Keeps it for the next start, readable by its owner alone. */
export function writeDemoState(dataDir: string, state: DemoState): void {
  const file = path.join(dataDir, fileName);
  const half = `${file}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(half, file);
}
