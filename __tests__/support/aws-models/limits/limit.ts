import { type Call, isRecord, type Parameters, type Problem, shown } from "../call.ts";

/** A rule that only AWS's pages state. */
export interface Limit {
  /** Operations, such as `lambda.CreateFunction`. */
  readonly of: readonly string[];
  /**
   * Where the values are: `Environment.Variables`, `Metrics[].Id` of each element, `DestinationConfig.*` of each entry,
   * `DashboardBody(json).widgets` inside of JSON text. Nothing names all parameters.
   */
  readonly at: string;
  readonly accepts: Constraint;
  /** AWS's page. */
  readonly rule: string;
  /** AWS's error code, where it is not the service's usual one. */
  readonly code?: string;
}

/** Returns a predicate about a value that AWS rejects. */
export type Constraint = (value: unknown, parameters: Parameters) => string | undefined;

const DOCS = "https://docs.aws.amazon.com/";

export const page = (path: string): string => DOCS + path;

export const operations = (service: string, ...names: string[]): string[] => names.map((name) => `${service}.${name}`);

/** The violations of a table of limits in a call. */
export function limitProblems(limits: readonly Limit[], { service, operation, parameters }: Call): Problem[] {
  const name = `${service}.${operation}`;
  return limits
    .filter(({ of }) => of.includes(name))
    .flatMap(({ at, accepts, rule, code }) =>
      select(parameters, at).flatMap(({ path, value }) => {
        const problem = value === NOT_JSON ? "is not valid JSON" : accepts(value, parameters);
        return problem === undefined ? [] : [{ member: path, problem, rule, ...(code !== undefined && { code }) }];
      }),
    );
}

interface Selected {
  readonly path: string;
  readonly value: unknown;
}

const NOT_JSON = Symbol("not JSON");

/** The values at a place. Absent values are not checked. */
export function select(parameters: Parameters, at: string): readonly Selected[] {
  const steps = at.match(/\[\]|\(json\)|[^.[\]()]+/g) ?? [];
  let selected: Selected[] = [{ path: "", value: parameters }];
  for (const step of steps)
    selected = selected.flatMap((each) => inside(each, step)).filter(({ value }) => value !== undefined);
  return selected;
}

function inside({ path, value }: Selected, step: string): Selected[] {
  if (step === "(json)") return [{ path, value: parsed(value) }];
  if (step === "[]") {
    return Array.isArray(value) ? value.map((each, index) => ({ path: `${path}[${index}]`, value: each })) : [];
  }
  if (value === NOT_JSON) return [{ path, value }];
  if (!isRecord(value)) return [];
  const entries = step === "*" ? Object.entries(value) : [[step, value[step]] as const];
  return entries.map(([name, each]) => ({ path: path ? `${path}.${name}` : name, value: each }));
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return NOT_JSON;
  }
}

/** A number, or the text of one. */
export const between =
  (low: number, high: number): Constraint =>
  (value) => {
    const number = Number(value);
    return number >= low && number <= high ? undefined : `is ${shown(value)}; AWS accepts ${low} to ${high}`;
  };

/** The whole text. */
export const matching =
  (pattern: RegExp, words: string): Constraint =>
  (value) =>
    new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(String(value))
      ? undefined
      : `is ${shown(value)}; AWS accepts ${words}`;

export const oneOf =
  (...allowed: readonly unknown[]): Constraint =>
  (value) =>
    allowed.includes(value) ? undefined : `is ${shown(value)}; AWS accepts ${allowed.join(", ")}`;

/** Structures that the models define as text. Each name must be known. */
export const onlyMembers =
  (...known: readonly string[]): Constraint =>
  (value) => {
    const other = Object.keys(isRecord(value) ? value : {}).find((name) => !known.includes(name));
    return other === undefined ? undefined : `has "${other}"; AWS accepts ${known.join(", ")}`;
  };

export const charactersAtMost =
  (most: number): Constraint =>
  (value) => {
    const { length } = String(value);
    return length <= most ? undefined : `has ${length} characters; AWS accepts at most ${most}`;
  };

export const elementsAtMost =
  (most: number): Constraint =>
  (value) =>
    Array.isArray(value) && value.length > most
      ? `has ${value.length} elements; AWS accepts at most ${most}`
      : undefined;

/** A member that must be absent, with the reason. */
export const refused =
  (reason: string): Constraint =>
  (value) =>
    `is ${shown(value)}; ${reason}`;

export const every =
  (...constraints: readonly Constraint[]): Constraint =>
  (value, parameters) =>
    constraints.map((accepts) => accepts(value, parameters)).find((problem) => problem !== undefined);
