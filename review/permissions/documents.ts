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

/** The policies of a resource, taken apart, but for those that cannot be compared. */
export const documentsOf = (thing: Thing, hidden: readonly Hidden[]): Clause[] =>
  policiesOf(thing)
    .filter((attribute) => !hidden.some((one) => one.address === thing.address && one.attribute === attribute))
    .flatMap((attribute) => clausesOf(thing.text(attribute) as string, thing.toReferences) ?? []);

/** The policies of a resource that nobody can compare, those among them that AWS makes up by itself. */
export const hiddenIn = (thing: Thing): Hidden[] =>
  thing.attributes
    .filter((attribute) => POLICY.test(attribute))
    .flatMap((attribute) => {
      const why = whyHidden(thing, attribute);
      return why ? [{ address: thing.address, attribute, why }] : [];
    });

function whyHidden(thing: Thing, attribute: string): Hidden["why"] | undefined {
  const text = thing.text(attribute);
  if (text === undefined) return thing.hides(attribute);
  return isPolicy(attribute, text) && clausesOf(text, String) === undefined ? "not readable" : undefined;
}

const policiesOf = (thing: Thing): string[] =>
  thing.attributes.filter((attribute) => isPolicy(attribute, thing.text(attribute)));
