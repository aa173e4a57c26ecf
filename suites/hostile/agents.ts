/** Every hostile agent of the test kit in one process, each at a port of its own. Says where they are and what is to become of their tasks. */
import { setPriority } from 'node:os';
import { hostileCard, hostileScripts } from '@colloquy/testkit';
import { sayReady } from '@colloquy/bench/process/ready';
import type { Attacker } from './attacker.ts';

/** Agents are other people's machines: what they compute must not take this machine's time from the platform. */
const lowestPriority = 19;

setPriority(lowestPriority);
const attackers: Attacker[] = [];
for (const [at, script] of hostileScripts.entries()) {
  const { name, wire, ends, taskMsMax, askBytes } = script;
  const { url } = await script.start();
  const told = { does: `${name} (${wire})`, ends, taskMsMax, askBytes };
  attackers.push({ agent: `hostile-${at}`, ...told, card: hostileCard(script, url) });
}
sayReady({ attackers });
