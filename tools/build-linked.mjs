/**
 * Builds packages when another project links them: `npm install ../colloquy/packages/sdk` makes a link and runs `prepare`.
 *
 *   node tools/build-linked.mjs protocol sdk
 *
 * An install of this repository also runs `prepare`, for every workspace. It needs no build, because everything here runs from
 * source. Plain JavaScript for Node >= 20.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const tools = path.dirname(fileURLToPath(import.meta.url));
const installing = process.env.npm_config_local_prefix;
/** `npm install -g packages/cli` links too, also when it is typed in this repository. */
const isGlobal = process.env.npm_config_global === 'true';

if (isGlobal || installing === undefined || realpathSync(installing) !== realpathSync(path.dirname(tools))) {
  const argv = [path.join(tools, 'ensure-install.mjs'), 'tools/build-packages.mjs', ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, argv, { stdio: 'inherit' }).status ?? 1;
}
