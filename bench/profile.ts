/** Where the platform process spends its time under load: `node bench/profile.ts [--connections 32] [--seconds 8] [--keep file]`. */
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hotFunctions } from './compare/hot-functions.ts';
import type { CpuProfile } from './compare/hot-functions.ts';
import { measureWindow } from './compare/measure.ts';
import { setStage } from './compare/stage.ts';
import { tableOf } from './figures/table.ts';
import { postmasterPidBelow } from './process/postgres-server.ts';
import { endProgramsOnSignals } from './process/program.ts';
import { inWorkFolder } from './process/work-folder.ts';
import type { WorkFolder } from './process/work-folder.ts';

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '8' },
    /** Keeps the profile, for a viewer. */
    keep: { type: 'string' },
  },
});

const shown = 40;
const settleMs = 3000;

endProgramsOnSignals();
await inWorkFolder('colloquy-profile-', async (folder) => {
  const profiles = folder.file('profiles');
  mkdirSync(profiles);
  await loadUnderProfile(folder, profiles);
  for (const name of readdirSync(profiles)) {
    const file = `${profiles}/${name}`;
    const hot = hotFunctions(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile).slice(0, shown);
    for (const line of tableOf(hot.map(({ place, selfMs }) => [selfMs.toFixed(0), place]))) console.log(line);
    if (options.keep !== undefined) copyFileSync(file, options.keep);
  }
});

/** The platform writes its profile when it ends. */
async function loadUnderProfile(folder: WorkFolder, profiles: string): Promise<void> {
  await using stage = await setStage(folder, {
    platformEnv: { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` },
  });
  const window = { connections: Number(options.connections), round: 0, subject: 'gateway, 8 tenants' } as const;
  const measureMs = Number(options.seconds) * 1000;
  const duration = { warmupMs: settleMs, measureMs, postgresPid: postmasterPidBelow(folder.path) ?? 0 };
  const { load, cpuMicroseconds, rssMbMax } = await measureWindow(stage, window, duration);
  const { server, agent, postgres } = cpuMicroseconds;
  console.log(
    `${load.requestsPerSecond.toFixed(0)} req/s, p50 ${load.p50Ms.toFixed(2)} ms, ${load.errors} errors, RSS ${rssMbMax.toFixed(0)} MB`,
  );
  console.log(
    `CPU us for each answer: server ${server.toFixed(0)}, agent ${agent.toFixed(0)}, PostgreSQL ${postgres.toFixed(0)}`,
  );
}
