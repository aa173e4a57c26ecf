import { parseArgs } from 'node:util';

/** How the cluster is asked for. */
export interface ClusterFlags {
  /** Undefined: whichever is there. */
  readonly proxy: string | undefined;
  readonly gateways: number;
  readonly workers: number;
  readonly restart: boolean;
}

export const processesMax = 20;

const usage = `Usage: npm run cluster [-- <option>…]

  --proxy=haproxy|nginx   the proxy; without it whichever is on this machine
  --gateways=<number>     processes that callers reach, 1 to ${processesMax}; without it 3
  --workers=<number>      processes that only work, up to ${processesMax}; without it 2
  --restart               restart the processes one after the other, and end
`;

/** What these arguments ask for; else the usage to print, after a request for help or an unknown option. */
export function readFlags(args: readonly string[]): ClusterFlags | { readonly advice: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        proxy: { type: 'string' },
        gateways: { type: 'string', default: '3' },
        workers: { type: 'string', default: '2' },
        restart: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { proxy, gateways, workers, restart, help } = values;
    return help ? { advice: usage } : { proxy, gateways: Number(gateways), workers: Number(workers), restart };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { advice: `${error.message}\n\n${usage}` };
  }
}
