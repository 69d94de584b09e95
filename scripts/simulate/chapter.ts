/** What a simulation gives to docs/scale.md: sections by name, plots by file, and all figures for machines. */
export interface Chapter {
  readonly sections: Readonly<Record<string, string>>;
  readonly plots: Readonly<Record<string, string>>;
  readonly figures: unknown;
}
