/** The suite inside of namespaces of its own; prints its figures as the last line. Started only by ../ssrf.ts. */
import { attack } from './attack.ts';
import { ownForbiddenAddresses } from './own-network.ts';

const [seed = '1', tier = 'quick'] = process.argv.slice(2);
ownForbiddenAddresses();
const figures = await attack({ quick: tier === 'quick', seed: Number(seed) }, true);
process.stdout.write(`\n${JSON.stringify(figures)}\n`);
process.exit(0);
