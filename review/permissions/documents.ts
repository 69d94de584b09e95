import type { Thing } from "../things.ts";
import { type Clause, clausesOf } from "./statements.ts";

/** What cannot be compared, and why. */
export interface Hidden {
  readonly address: string;
  readonly attribute: string;
  readonly why: "sensitive" | "known after apply" | "not readable";
}

const POLICY = /(^|_)policy$/;

/** A policy by its name, and by what is in it: a queue's `redrive_policy` has no statements. */
export const isPolicy = (attribute: string, text: string | undefined): boolean =>
  POLICY.test(attribute) && text !== undefined && /"Statement"/.test(text);

/** The policies of a resource, taken apart. */
export const documentsOf = (thing: Thing): Clause[] =>
  policiesOf(thing).flatMap((attribute) => clausesOf(thing.text(attribute) as string, thing.toReferences) ?? []);

/** The policies of a resource that nobody can compare. */
export function hiddenIn(thing: Thing): Hidden[] {
  const hidden = thing.attributes
    .filter((attribute) => POLICY.test(attribute))
    .flatMap((attribute): Hidden[] => {
      const why = thing.hides(attribute);
      const isWritten = thing.text(attribute) !== undefined;
      return why && !isWritten ? [{ address: thing.address, attribute, why }] : [];
    });
  const unreadable = policiesOf(thing)
    .filter((attribute) => clausesOf(thing.text(attribute) as string, String) === undefined)
    .map((attribute): Hidden => ({ address: thing.address, attribute, why: "not readable" }));
  return [...hidden, ...unreadable];
}

const policiesOf = (thing: Thing): string[] =>
  thing.attributes.filter((attribute) => isPolicy(attribute, thing.text(attribute)));
