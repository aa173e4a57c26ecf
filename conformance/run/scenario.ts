import type { Binding } from '../bindings/binding.ts';
import type { HarnessAgent } from '../harness-agent.ts';
import type { BindingName } from '../requirement.ts';
import type { OtherCaller, Stage } from './stage.ts';

/** What a scenario finds when it begins. */
export interface World {
  /** Calls the harness agent through the gateway, as the tenant's own client. */
  readonly binding: Binding;
  /** The same way, with another client's token. */
  readonly as: (other: OtherCaller) => Binding;
  /** Every binding that the card declares. */
  readonly bindings: readonly Binding[];
  readonly agent: HarnessAgent;
  readonly stage: Stage;
}

/** Something that a caller of a conforming agent may count on. */
export interface Scenario {
  /** The guarantee; unique. */
  readonly name: string;
  /** Ids of the requirements that it proves. */
  readonly cites: readonly string[];
  /** `once`: no binding takes part, or one is enough. */
  readonly on: 'every' | 'once' | readonly BindingName[];
  /** Left out with --quick. */
  readonly isSlow: boolean;
  /** Resolves when it holds. */
  readonly run: (world: World) => Promise<void>;
}

type Options = Partial<Pick<Scenario, 'on' | 'isSlow'>>;

export const scenario = (
  name: string,
  cites: readonly string[],
  run: Scenario['run'],
  { on = 'every', isSlow = false }: Options = {},
): Scenario => ({ name, cites, run, on, isSlow });
