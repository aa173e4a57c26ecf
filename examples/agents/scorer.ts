/** An agent that scores leads, at half a credit for each one that it scored: its card states the price, and it reports how many it scored. */
import { runAgent } from './run-agent.ts';

const lookalike = {
  id: 'scoreLookalike',
  name: 'Score lookalike leads',
  description: 'Scores how much leads are like the best customers.',
  tags: ['leads'],
};
const price = { perItem: { price: 0.5, of: '$.leadIds[*]' } };

await runAgent({
  card: {
    name: 'Scorer',
    description: 'Scores leads.',
    skills: [lookalike],
    capabilities: {
      extensions: [{ uri: 'urn:colloquy:extension:enterprise:v1', params: { skills: { [lookalike.id]: { price } } } }],
    },
  },
  idempotent: true,
  async handle(message, task) {
    const leadIds = leadsIn(message.parts);
    await task.working(`Scoring ${leadIds.length} leads.`);
    // Nothing is known of two leads in five, so they have no score and cost nothing.
    const scores = leadIds.filter((_, at) => at % 5 < 3).map((leadId, at) => ({ leadId, score: (at * 37) % 100 }));
    await task.artifact({ id: 'scores', name: 'Scores', parts: [{ data: { scores } }] });
    task.usage({ items: scores.length });
    await task.complete(`Scored ${scores.length} of ${leadIds.length} leads.`);
  },
});

function leadsIn(parts: readonly { readonly data?: unknown }[]): readonly string[] {
  const inputs = parts.find(({ data }) => data !== undefined)?.data;
  if (typeof inputs !== 'object' || inputs === null || !('leadIds' in inputs)) return [];
  return Array.isArray(inputs.leadIds) ? inputs.leadIds.map(String) : [];
}
