import { accessToken, openAdminApi } from '@colloquy/bench/process/admin-api';
import { initPlatform, startPlatform } from '@colloquy/bench/process/platform';
import { startProgram } from '@colloquy/bench/process/program';
import type { Program } from '@colloquy/bench/process/program';
import { agentPath, createTenant } from '@colloquy/bench/process/tenants';
import type { WorkFolder } from '@colloquy/bench/process/work-folder';
import { plainCard } from '@colloquy/testkit';

/** A platform with an attacking tenant and its neighbour. */
export interface MemoryStage extends AsyncDisposable {
  readonly platform: Program;
  readonly url: string;
  readonly grpcAddress: string;
  /** Paths of the attacker's agents, and its token. */
  readonly attacker: { readonly token: string; readonly paths: Readonly<Record<'jsonRpc' | 'grpc', string>> };
  readonly neighbour: { readonly token: string; readonly path: string };
  /** What the platform has printed. */
  readonly logFile: string;
}

const readyMsMax = 30_000;
const grantMicrocredits = 1_000_000_000_000;

/** `heapMb`: the heap limit of the platform process; null: that of Node.js. */
export async function setMemoryStage(folder: WorkFolder, heapMb: number | null): Promise<MemoryStage> {
  await using undo = new AsyncDisposableStack();
  const ports = { COLLOQUY_HTTP_PORT: '0', COLLOQUY_OPS_PORT: '0', COLLOQUY_GRPC_PORT: '0' };
  const env = { COLLOQUY_DATA_DIR: folder.file('data'), ...ports };
  const operatorCredentials = await initPlatform(env);
  const logFile = folder.file('platform.log');
  const heap = heapMb === null ? {} : { NODE_OPTIONS: `--max-old-space-size=${String(heapMb)}` };
  const { program, url } = await startPlatform({ ...env, ...heap }, logFile);
  undo.use(program);
  const start = (label: string, script: URL): Promise<Program> =>
    startProgram({ label, script, logFile: folder.file(`${label}.log`), readyMsMax, tethered: true });
  const echo = undo.use(await start('echo-agent', new URL(import.meta.resolve('@colloquy/bench/echo-agent'))));
  const large = undo.use(await start('large-agent', new URL('./large-agent.ts', import.meta.url)));
  const operator = openAdminApi(url, await accessToken(url, operatorCredentials));
  const cardUrl = new URL('/.well-known/agent-card.json', String(echo.ready['url'])).href;
  const good = { name: 'echo', cardUrl, priceMicrocredits: 1, idempotent: true };
  const neighbour = await createTenant(operator, 'neighbour', { grantMicrocredits, agents: [good] });
  const attacker = await createTenant(operator, 'attacker', { grantMicrocredits, agents: [] });
  const paths = { jsonRpc: agentPath('attacker', 'json-rpc'), grpc: agentPath('attacker', 'grpc') };
  const register = (name: string, protocolBinding: string, agentUrl: unknown): Promise<unknown> =>
    operator.post('/tenants/attacker/agents', {
      name,
      priceMicrocredits: 1,
      card: {
        ...plainCard(name, 'Says much.'),
        capabilities: { streaming: true, pushNotifications: true },
        supportedInterfaces: [{ url: String(agentUrl), protocolBinding, protocolVersion: '1.0' }],
      },
    });
  await register('json-rpc', 'JSONRPC', large.ready['jsonRpcUrl']);
  await register('grpc', 'GRPC', large.ready['grpcUrl']);
  const stage = {
    platform: program,
    url,
    logFile,
    grpcAddress: String(program.ready['grpcAddress']),
    attacker: { token: await accessToken(url, attacker.client), paths },
    neighbour: { token: await accessToken(url, neighbour.client), path: agentPath('neighbour', 'echo') },
  };
  const held = undo.move();
  return { ...stage, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
