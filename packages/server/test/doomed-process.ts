import { eventually, startDatabaseProxy } from '@colloquy/testkit';
import type { DatabaseProxy } from '@colloquy/testkit';
import { startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting } from './gateway-setting.ts';
import { assertBooksAreSound } from './task-books.ts';

/** Two processes of one platform, of which one loses its database when the test says so. */
export interface DoomedProcess extends AsyncDisposable {
  readonly setting: GatewaySetting;
  readonly proxy: DatabaseProxy;
  readonly doomed: GatewayProcess;
  readonly survivor: GatewayProcess;
  /** Gives the database back, waits until both processes work, and checks the books. */
  recover(): Promise<void>;
}

/** A silent process loses its lease after 0.8 s, and is dead after 1.3 s. */
export const shortLease = { heartbeatMs: 100, fenceAfterMs: 800, deadAfterMs: 1_300, graceMs: 200 };

export async function startDoomedProcess(): Promise<DoomedProcess> {
  const setting = await startGatewaySetting();
  const proxy = await startDatabaseProxy(setting.tasks.database.adminUrl);
  const doomed = await setting.startProcess({ url: proxy.url, lease: shortLease });
  const survivor = await setting.startProcess({ lease: shortLease });
  return {
    setting,
    proxy,
    doomed,
    survivor,
    async recover() {
      proxy.comeBack();
      await eventually('both work again', () => doomed.engine.lease.isHeld && survivor.engine.lease.isHeld);
      await assertBooksAreSound(setting.tasks);
    },
    async [Symbol.asyncDispose]() {
      proxy.comeBack();
      await setting[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}
