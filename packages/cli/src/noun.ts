/** The groups of the main help by what people want to do, in the order of the help. */
export const groupTitles = [
  'Start',
  'Call agents',
  'Register agents',
  'Keep agents healthy',
  'Manage access',
  'Credits and limits',
  'Audit',
  'Operate the platform',
] as const;

/** A noun or a one-word command in the main help. */
export interface Noun {
  readonly group: (typeof groupTitles)[number];
  /** What can be done with the noun, in one line. Left out: the summary of the one-word command. */
  readonly summary?: string;
}

export type Nouns = Readonly<Record<string, Noun>>;
