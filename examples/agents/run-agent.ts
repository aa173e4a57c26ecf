import { serveAgent } from '@colloquy/sdk/agent';
import type { ServeAgentOptions } from '@colloquy/sdk/agent';

/**
 * Runs an agent as a process: one JSON line on stdout says where it listens, SIGTERM and Ctrl-C end it.
 *
 * Environment: `PORT` (default: a free one); `AGENT_JWKS_URL`, the platform's keys, after which only the platform gets in;
 * `EXIT_WITH_STDIN=1` ends the agent when stdin does, so that it never outlives the program that started it.
 */
export async function runAgent(options: ServeAgentOptions): Promise<void> {
  const { PORT, AGENT_JWKS_URL: jwksUrl, EXIT_WITH_STDIN } = process.env;
  const trust = jwksUrl === undefined ? {} : { trust: { jwksUrl } };
  const server = await serveAgent({ port: Number(PORT ?? 0), ...trust, ...options });
  const stop = (): void => {
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (EXIT_WITH_STDIN === '1') process.stdin.resume().once('close', stop);
  process.stdout.write(`${JSON.stringify({ ready: server.url })}\n`);
}
