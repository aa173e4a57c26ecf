import { createSeededRandom } from '../seeded-random.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Figures, SuiteOptions } from './figures.ts';
import { bearerOnly, forgeries } from './forged-tokens/kinds.ts';
import { makeMaterial } from './forged-tokens/material.ts';
import type { Material } from './forged-tokens/material.ts';
import { fieldsOf, openSurfaces } from './forged-tokens/surfaces.ts';
import type { Showing, Surface } from './forged-tokens/surfaces.ts';
import { startTarget } from './forged-tokens/target.ts';
import { forEachAtOnce } from './for-each-at-once.ts';
import type { Target } from './forged-tokens/target.ts';

const tokensFull = 5_000;
const tokensQuick = 600;
const violationsMax = 50;

/** One forged credential at one place. */
interface Attempt {
  readonly what: string;
  readonly surface: Surface;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Shows forged and misused tokens, of every kind and issuer, at every surface. Each has to be answered to the byte like a word that is no
 * token at all, to be counted once, and to leave no trace in the database; and good tokens have to open before and after, or nothing was shown.
 */
export async function forgedTokens({ quick, seed }: SuiteOptions): Promise<Figures> {
  await using target = await startTarget();
  const { platform } = target;
  const grpcAddress = platform.platform.grpcAddress ?? '';
  const opened = openSurfaces({ url: platform.url, grpcAddress, tenantSlug: 'acme', agentName: 'worker' });
  try {
    const random = createSeededRandom(seed);
    const material = await freshMaterial(target);
    const attempts = attemptsOf(opened.surfaces, material, { random, count: quick ? tokensQuick : tokensFull });
    return await attack(target, opened.surfaces, attempts, material);
  } finally {
    opened.close();
  }
}

async function freshMaterial({ server, audience, tenant }: Target): Promise<readonly Material[]> {
  const own = await tenant.client.token();
  return [...makeMaterial({ server, audience, own, nowMs: Date.now() }).values()];
}

/** Every kind of every issuer comes once before any comes twice; where it is shown is chance. */
function attemptsOf(
  surfaces: readonly Surface[],
  material: readonly Material[],
  { random, count }: { readonly random: SeededRandom; readonly count: number },
): readonly Attempt[] {
  const attempts: Attempt[] = [];
  const chance = { below: (below: number) => random.between(0, below - 1) };
  const showings: readonly Showing[] = ['bearer', 'bearer', 'bearer', 'bearer', 'dpop', 'api-key'];
  const goods = new Set(material.map(({ good }) => good));
  while (attempts.length < count) {
    for (const [kind, forge] of forgeries) {
      for (const m of material) {
        const token = forge(m, chance);
        // A field can not carry it: nothing that could be sent.
        if (token === null || goods.has(token) || token.length > 15_000) continue;
        const surface = random.pick(surfaces);
        const showing = bearerOnly.has(kind) ? 'bearer' : random.pick(showings);
        const what = `${kind}, of the ${m.issuer}, as ${showing}, at ${surface.name}`;
        attempts.push({ what, surface, fields: fieldsOf(showing, token) });
      }
    }
  }
  return attempts.slice(0, count);
}

async function attack(
  target: Target,
  surfaces: readonly Surface[],
  attempts: readonly Attempt[],
  material: readonly Material[],
): Promise<Figures> {
  const violations: string[] = [];
  const list = surfaces.find(({ name }) => name === 'admin list') ?? surfaces[0];
  const openGood = async (): Promise<number> => {
    const goods = [...material.map(({ good }) => good), target.apiKey];
    const answers = await Promise.all(goods.map((good) => list?.ask(fieldsOf('bearer', good)) ?? Promise.resolve('')));
    return answers.filter((answer) => answer.startsWith('200 ')).length;
  };
  const goodBefore = await openGood();
  const expected = new Map<Surface, string>();
  for (const surface of surfaces) expected.set(surface, await surface.ask(fieldsOf('bearer', 'no-token')));
  const [before, refusedBefore] = [await target.state(), await target.countRefusals()];
  let accepted = 0;
  let different = 0;
  await forEachAtOnce(attempts, async ({ what, surface, fields }) => {
    const answer = await surface.ask(fields);
    if (answer === expected.get(surface)) return;
    different += 1;
    if (/^(2\d\d|0) /.test(answer)) accepted += 1;
    if (violations.length < violationsMax) violations.push(`${what}: ${answer.slice(0, 300)}`);
  });
  const refusals = (await target.countRefusals()) - refusedBefore;
  const stateChanges = (await target.state()) === before ? 0 : 1;
  const goodAfter = await openGood();
  const goodTokens = material.length + 1;
  if (stateChanges > 0) violations.push('something in the database has changed');
  if (refusals !== attempts.length) violations.push(`${refusals} refusals were counted of ${attempts.length}`);
  if (goodBefore !== goodTokens || goodAfter !== goodTokens) violations.push('a good token did not open');
  const counts = {
    tokens: attempts.length,
    kinds: forgeries.size,
    issuers: material.length,
    surfaces: surfaces.length,
  };
  return { counts: { ...counts, accepted, different, refusals, stateChanges, goodTokens }, violations, skipped: [] };
}
