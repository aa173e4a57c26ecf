import type { Binding } from '../bindings/binding.ts';
import type { BindingName } from '../requirement.ts';
import { placesOf } from './judge.ts';
import type { Column, Outcome } from './judge.ts';
import type { Scenario, World } from './scenario.ts';
import type { Stage } from './stage.ts';

const scenarioMsMax = 30_000;
/** Scenarios share nothing but the gateway, so a few run side by side. */
const sideBySide = 4;

export interface RunOptions {
  readonly stage: Stage;
  readonly scenarios: readonly Scenario[];
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Runs every scenario over each of its bindings. A binding that the card lacks fails what needs it. */
export async function runScenarios({ stage, scenarios, onOutcome }: RunOptions): Promise<Outcome[]> {
  const waiting = scenarios.flatMap((scenario) => placesOf(scenario).map((on) => ({ scenario, on })));
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const outcome: Outcome = { ...next, ...(await errorOf(stage, next.scenario, next.on)) };
      outcomes.push(outcome);
      onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return outcomes;
}

async function errorOf(stage: Stage, scenario: Scenario, on: Column): Promise<{ readonly error?: unknown }> {
  const overtime = Promise.withResolvers<never>();
  const late = new Error(`not done within ${scenarioMsMax} ms`);
  const timer = setTimeout(() => overtime.reject(late), scenarioMsMax);
  try {
    await Promise.race([scenario.run(worldOn(stage, on)), overtime.promise]);
    return {};
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

function worldOn(stage: Stage, on: Column): World {
  const { harness, tokens, agent } = stage;
  const open = (name: BindingName, token?: string): Binding => {
    const make = harness.bindings.get(name);
    if (make === undefined) throw new Error(`The card declares no ${name} interface for A2A 1.0.`);
    return make(token);
  };
  const name = on === 'once' ? 'JSONRPC' : on;
  return {
    binding: open(name),
    as: (other) => open(name, tokens[other]),
    bindings: [...harness.bindings.keys()].map((each) => open(each)),
    agent,
    stage,
  };
}
