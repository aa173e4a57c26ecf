import type { BindingName, Requirement } from '../requirement.ts';
import type { KnownFailure } from '../known-failures.ts';
import type { Scenario } from './scenario.ts';

/** Where a scenario ran: over a binding, or once. */
export type Column = BindingName | 'once';

/** What came of one scenario in one place. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly on: Column;
  /** Absent when it held. */
  readonly error?: unknown;
}

export type Verdict = 'held' | 'FAILED' | 'known' | 'skipped' | 'exempt' | '–';

/** One row of the table. */
export interface Judged {
  readonly requirement: Requirement;
  readonly verdicts: Readonly<Record<Column, Verdict>>;
}

export interface Judgement {
  readonly rows: readonly Judged[];
  /** Unexpected failures. */
  readonly failures: readonly Outcome[];
  /** Expected failures that held: their entries have to go. */
  readonly stale: readonly KnownFailure[];
}

export const columns: readonly Column[] = ['JSONRPC', 'HTTP+JSON', 'GRPC', 'once'];

/** The places where a scenario runs. */
export const placesOf = ({ on }: Pick<Scenario, 'on'>): readonly Column[] =>
  on === 'every' ? ['JSONRPC', 'HTTP+JSON', 'GRPC'] : on === 'once' ? ['once'] : on;

/** Judges every requirement by the scenarios that cite it. */
export function judge(
  requirements: readonly Requirement[],
  outcomes: readonly Outcome[],
  known: readonly KnownFailure[],
): Judgement {
  const isKnown = ({ scenario, on }: Outcome): boolean =>
    known.some((entry) => entry.scenario === scenario.name && entry.on === on);
  const failed = outcomes.filter(({ error }) => error !== undefined);
  const held = outcomes.filter(({ error }) => error === undefined);
  const verdictOf = (requirement: Requirement, column: Column): Verdict => {
    if (!placesOf(requirement).includes(column)) return '–';
    if (requirement.exempt !== undefined) return 'exempt';
    // What is judged once may be proved over any binding.
    const ran = outcomes.filter(
      ({ scenario, on }) =>
        scenario.cites.includes(requirement.id) && (column === 'once' || on === column || on === 'once'),
    );
    if (ran.some((outcome) => outcome.error !== undefined && !isKnown(outcome))) return 'FAILED';
    if (ran.some((outcome) => outcome.error !== undefined)) return 'known';
    return ran.length === 0 ? 'skipped' : 'held';
  };
  return {
    rows: requirements.map((requirement) => ({
      requirement,
      verdicts: {
        JSONRPC: verdictOf(requirement, 'JSONRPC'),
        'HTTP+JSON': verdictOf(requirement, 'HTTP+JSON'),
        GRPC: verdictOf(requirement, 'GRPC'),
        once: verdictOf(requirement, 'once'),
      },
    })),
    failures: failed.filter((outcome) => !isKnown(outcome)),
    stale: known.filter((entry) =>
      held.some(({ scenario, on }) => scenario.name === entry.scenario && on === entry.on),
    ),
  };
}

/** Requirements that no scenario proves in a place where they are to be judged, as `id on place`. */
export function unproved(requirements: readonly Requirement[], scenarios: readonly Scenario[]): readonly string[] {
  return requirements
    .filter(({ exempt }) => exempt === undefined)
    .flatMap((requirement) =>
      placesOf(requirement)
        .filter(
          (place) => !scenarios.some((scenario) => scenario.cites.includes(requirement.id) && reaches(scenario, place)),
        )
        .map((place) => `${requirement.id} on ${place}`),
    );
}

const reaches = (scenario: Scenario, place: Column): boolean =>
  place === 'once' || scenario.on === 'once' || placesOf(scenario).includes(place);
