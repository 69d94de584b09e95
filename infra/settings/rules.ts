import * as v from "valibot";

/* Rules for settings. Each message completes the sentence "…; allowed: ". */

/** Terraform evaluates `${…}` and `%{…}` in any string of its JSON. https://developer.hashicorp.com/terraform/language/syntax/json */
const hasNoTemplate = (value: string): boolean => !/[$%]\{/.test(value);

export const text = (pattern: RegExp, rule: string) =>
  v.pipe(
    v.message(v.pipe(v.string(), v.regex(pattern)), rule),
    v.check(hasNoTemplate, "a text without ${ or %{, which Terraform would evaluate"),
  );

/** No control characters, and no halves of surrogate pairs: neither survives a function's variables. */
export const printable = (rule: string) => text(/^[^\p{Cc}\p{Cs}]+$/u, rule);

export const whole = ({ min, max }: { readonly min: number; readonly max: number }) =>
  v.message(v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)), `a whole number from ${min} to ${max}`);

export const oneOf = <const Options extends readonly (string | number)[]>(options: Options) =>
  v.picklist(options, `one of ${options.join(", ")}`);

/** Settings that belong together. The message about a missing setting has its rule. */
export const group = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, ({ path }: v.StrictObjectIssue) => {
    const wanted = entries[String(path?.[0]?.key)];
    const [missing] = (wanted && v.safeParse(wanted, undefined).issues) ?? [];
    return missing?.message ?? `the settings ${Object.keys(entries).join(", ")}`;
  });

export const onOrOff = v.exactOptional(v.boolean("true or false"));

/** AWS's integers have 32 bits. */
export const INTEGER_MAX = 2_147_483_647;
