import type { SchemaFit, SkillChooser, SkillOfferStore } from '../../routing/index.ts';

/** What the router finds skills with. */
export interface RouterPorts {
  readonly offers: SkillOfferStore;
  readonly fits: SchemaFit;
  /** Null: the words decide alone. */
  readonly chooser: SkillChooser | null;
}
