import { Reference, type Result, Unresolvable } from "./values.ts";

/** Reads attributes by a function. */
export class Lookup extends Reference {
  readonly label: string;
  readonly names: () => readonly string[];
  readonly get: (name: string) => Result;

  constructor(label: string, get: (name: string) => Result, names: () => readonly string[] = () => []) {
    super();
    this.label = label;
    this.get = get;
    this.names = names;
  }
}

export const undeclared = (name: string, what: string): Unresolvable =>
  new Unresolvable(`It refers to ${name}, but there is no such ${what}.`, {
    remedy: "Add it, or correct the reference.",
  });
