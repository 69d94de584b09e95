import * as v from "valibot";

/* What a setting may be. Each rule is for who broke it: it goes on from "allowed: ". */

export const text = (pattern: RegExp, rule: string) => v.message(v.pipe(v.string(), v.regex(pattern)), rule);

export const whole = ({ min, max = Number.MAX_SAFE_INTEGER }: { readonly min: number; readonly max?: number }) => {
  const rule = `a whole number from ${min} ${max === Number.MAX_SAFE_INTEGER ? "on" : `to ${max}`}`;
  return v.message(v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)), rule);
};

export const oneOf = <const Options extends readonly (string | number)[]>(options: Options) =>
  v.picklist(options, `one of ${options.join(", ")}`);

/** Settings that belong together. What is missing is told by the rule of what should be there. */
export const group = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, ({ path }: v.StrictObjectIssue) => {
    const wanted = entries[String(path?.[0]?.key)];
    const [missing] = (wanted && v.safeParse(wanted, undefined).issues) ?? [];
    return missing?.message ?? `the settings ${Object.keys(entries).join(", ")}`;
  });

export const onOrOff = v.exactOptional(v.boolean("true or false"));
