import { chosen } from '../chosen.ts';
import type { Command } from '../command.ts';

const kinds = ['wire', 'http', 'tcp', 'none'] as const;
const second = 1_000;

export const agentProbe: Command = {
  name: 'agent probe',
  summary: 'Show or set how the instances of an agent are probed',
  positionals: ['<name>'],
  options: {
    kind: { type: 'string', value: 'kind', description: 'wire (its card, or gRPC health), http, tcp or none' },
    path: { type: 'string', value: 'path', description: 'Of kind http: what has to be answered 2xx' },
    interval: { type: 'string', value: 'seconds', description: 'Between two probes of one in use; default 10' },
    'timeout-ms': { type: 'string', value: 'ms', description: 'Time to answer; default 3000, or the interval' },
    'unhealthy-after': { type: 'string', value: 'number', description: 'Failures in a row; default 3' },
    'healthy-after': { type: 'string', value: 'number', description: 'Successes in a row; default 2' },
    default: { type: 'boolean', description: 'As the platform does by default' },
  },
  connects: true,
  examples: ['colloquy agent probe billing', 'colloquy agent probe billing --kind http --path /health --interval 5'],
  async run({ args, client, output }) {
    const { admin } = client();
    const name = args.positional(0);
    const kind = chosen(args, 'kind', kinds);
    const intervalMs = (args.wholeNumber('interval', 1, 3_600) ?? 10) * second;
    const timeoutMs = args.wholeNumber('timeout-ms', 50, 30_000) ?? Math.min(3 * second, intervalMs);
    const unhealthyAfter = args.wholeNumber('unhealthy-after', 1, 100) ?? 3;
    const healthyAfter = args.wholeNumber('healthy-after', 1, 100) ?? 2;
    const path = args.text('path');
    const wanted = { intervalMs, timeoutMs, unhealthyAfter, healthyAfter, ...(path === undefined ? {} : { path }) };
    if (args.flag('default')) await admin.unsetProbePolicy({ agent: name });
    else if (kind !== undefined) await admin.setProbePolicy({ agent: name, body: { kind, ...wanted } });
    const policy = await admin.getProbePolicy({ agent: name });
    const every = `every ${String(policy.intervalMs / second)} s, ${String(policy.timeoutMs)} ms to answer`;
    const text = `${policy.kind}${policy.path === undefined ? '' : ` ${policy.path}`} ${every}${policy.own ? '' : ' (default)'}`;
    output.print(policy, text);
  },
};
